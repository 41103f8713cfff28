// A sound card, for guests that want one: nothing is heard of it.
import { alias, type Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

export function sound({ vmi }: Conversion): XmlElement[] {
  const device = vmi.spec.domain.devices?.sound;
  return device ? [element("sound", { model: device.model ?? "ich9" }, alias(device.name))] : [];
}
