// A source of randomness for the guest.
import { type Conversion, virtioModel } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

export function rng(conversion: Conversion): XmlElement[] {
  if (!conversion.vmi.spec.domain.devices?.rng) return [];
  return [
    element("rng", { model: virtioModel(conversion) }, textElement("backend", "/dev/urandom", { model: "random" })),
  ];
}
