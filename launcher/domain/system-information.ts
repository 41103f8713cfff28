// What the guest reads in its SMBIOS tables. libvirt takes the domain's own uuid from there too.
import { firmwareUuidOf } from "@knvirt/api";
import type { Conversion } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

const entry = (name: string, value: string | undefined): XmlElement[] =>
  value ? [textElement("entry", value, { name })] : [];

export function systemInformation({ vmi }: Conversion): XmlElement[] {
  const system = element(
    "system",
    {},
    ...entry("manufacturer", "KubeVirt"),
    ...entry("product", "None"),
    ...entry("serial", vmi.spec.domain.firmware?.serial),
    ...entry("uuid", firmwareUuidOf(vmi)),
    ...entry("family", "KubeVirt"),
  );
  return [element("sysinfo", { type: "smbios" }, system)];
}
