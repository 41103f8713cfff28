// How the machine starts: its type, its firmware, and a kernel loaded directly. Boot order is a matter of the devices.
import type { Conversion } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

export function os(conversion: Conversion): XmlElement[] {
  const { vmi, kernelBoot } = conversion;
  const { machine, firmware } = vmi.spec.domain;
  const kernelArgs = firmware?.kernelBoot?.kernelArgs;
  return [
    element(
      "os",
      {},
      textElement("type", "hvm", { arch: "x86_64", machine: machine?.type ?? "q35" }),
      ...bootloader(conversion),
      ...(kernelBoot.kernel ? [textElement("kernel", kernelBoot.kernel)] : []),
      ...(kernelBoot.initrd ? [textElement("initrd", kernelBoot.initrd)] : []),
      ...(kernelArgs ? [textElement("cmdline", kernelArgs)] : []),
      ...acpi(conversion),
      ...bootMenu(conversion),
      element("smbios", { mode: "sysinfo" }),
    ),
  ];
}

const acpi = ({ acpiTables: { slic } }: Conversion): XmlElement[] =>
  slic ? [element("acpi", {}, textElement("table", slic, { type: "slic" }))] : [];

const menuMs = 10_000;

/** Whoever starts a guest paused wants to see it boot: there is time to choose the device, as upstream has it. */
const bootMenu = ({ vmi }: Conversion): XmlElement[] =>
  vmi.spec.startStrategy === "Paused" ? [element("bootmenu", { enable: "yes", timeout: menuMs })] : [];

/** Debian's builds of OVMF. Only one of them checks signatures, by the keys that its variables start with. */
const directory = "/usr/share/OVMF";
const builds = {
  secure: { code: `${directory}/OVMF_CODE_4M.secboot.fd`, variables: `${directory}/OVMF_VARS_4M.ms.fd` },
  plain: { code: `${directory}/OVMF_CODE_4M.fd`, variables: `${directory}/OVMF_VARS_4M.fd` },
};

function bootloader({ vmi, efiVariables }: Conversion): XmlElement[] {
  const { bios, efi } = vmi.spec.domain.firmware?.bootloader ?? {};
  if (bios?.useSerial) return [element("bios", { useserial: "yes" })];
  if (!efi) return [];
  const isSecure = efi.secureBoot ?? true;
  const { code, variables } = builds[isSecure ? "secure" : "plain"];
  return [
    textElement("loader", code, { readonly: "yes", secure: isSecure ? "yes" : "no", type: "pflash" }),
    textElement("nvram", efiVariables, { template: variables }),
  ];
}

/** What becomes of a guest that reboots. */
export function lifecycle({ vmi }: Conversion): XmlElement[] {
  const policy = vmi.spec.domain.rebootPolicy;
  return policy ? [textElement("on_reboot", policy === "Terminate" ? "destroy" : "restart")] : [];
}
