// What the machine is able to do beyond its devices.
import type { VmiSpec } from "@knvirt/api";
import { type Conversion, isOn } from "./conversion.ts";
import { hyperv } from "./hyperv.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

type Features = NonNullable<VmiSpec["domain"]["features"]>;

/** Translated code is kept in a cache that QEMU would make 1 GiB or a quarter of the guest's memory large. */
const translationCacheMib = 32;

export function features({ vmi, domainType }: Conversion): XmlElement[] {
  const given = vmi.spec.domain.features ?? {};
  const emulator = element("tcg", {}, textElement("tb-cache", translationCacheMib, { unit: "MiB" }));
  return [
    element(
      "features",
      {},
      ...(given.acpi?.enabled === false ? [] : [element("acpi")]),
      ...apic(given),
      ...(domainType === "kvm" ? hyperv(given) : []),
      ...(given.kvm?.hidden ? [element("kvm", {}, element("hidden", { state: "on" }))] : []),
      ...state("pvspinlock", given.pvspinlock),
      ...state("smm", given.smm),
      element("vmport", { state: "off" }),
      ...(domainType === "qemu" ? [emulator] : []),
    ),
  ];
}

const state = (name: string, feature: { enabled?: boolean } | undefined): XmlElement[] =>
  feature ? [element(name, { state: isOn(feature) ? "on" : "off" })] : [];

/** libvirt's machines for x86 have one at any rate: the element is there to say how it ends interrupts. */
function apic({ apic: given }: Features): XmlElement[] {
  if (!isOn(given)) return [];
  return [element("apic", { eoi: given?.endOfInterrupt === undefined ? undefined : onOff(given.endOfInterrupt) })];
}

const onOff = (value: boolean): string => (value ? "on" : "off");
