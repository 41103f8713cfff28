// How the machine starts: its type, and a kernel loaded directly. Boot order is a matter of the devices.
import type { Conversion } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

export function os({ vmi, kernelBoot: { kernel, initrd } }: Conversion): XmlElement[] {
  const { machine, firmware } = vmi.spec.domain;
  const kernelArgs = firmware?.kernelBoot?.kernelArgs;
  return [
    element(
      "os",
      {},
      textElement("type", "hvm", { arch: "x86_64", machine: machine?.type ?? "q35" }),
      ...(kernel ? [textElement("kernel", kernel)] : []),
      ...(initrd ? [textElement("initrd", initrd)] : []),
      ...(kernelArgs ? [textElement("cmdline", kernelArgs)] : []),
      element("smbios", { mode: "sysinfo" }),
    ),
  ];
}
