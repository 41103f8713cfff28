// A source of randomness for the guest.
import { type Conversion, virtioModel } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

export function rng({ vmi }: Conversion): XmlElement[] {
  if (!vmi.spec.domain.devices?.rng) return [];
  return [element("rng", { model: virtioModel }, textElement("backend", "/dev/urandom", { model: "random" }))];
}
