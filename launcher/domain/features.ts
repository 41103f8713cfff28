// What the machine is able to do beyond its devices.
import type { Conversion } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

/** Translated code is kept in a cache that QEMU would make 1 GiB or a quarter of the guest's memory large. */
const translationCacheMib = 32;

export function features({ domainType }: Conversion): XmlElement[] {
  const emulator = element("tcg", {}, textElement("tb-cache", translationCacheMib, { unit: "MiB" }));
  const always = [element("acpi"), element("vmport", { state: "off" })];
  return [element("features", {}, ...always, ...(domainType === "qemu" ? [emulator] : []))];
}
