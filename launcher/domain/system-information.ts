// What the guest reads in its SMBIOS tables. libvirt takes the domain's own uuid from there too.
import { firmwareUuidOf, type VmiSpec } from "@knvirt/api";
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
  return [element("sysinfo", { type: "smbios" }, system, ...chassis(vmi.spec.domain.chassis))];
}

function chassis(given: VmiSpec["domain"]["chassis"]): XmlElement[] {
  const { manufacturer, version, serial, asset, sku } = given ?? {};
  const entries = Object.entries({ manufacturer, version, serial, asset, sku });
  const written = entries.flatMap(([name, value]) => entry(name, value));
  return written.length > 0 ? [element("chassis", {}, ...written)] : [];
}
