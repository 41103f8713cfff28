// A watchdog: a guest that stops feeding it is dealt with.
import { alias, type Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

export function watchdog({ vmi }: Conversion): XmlElement[] {
  const device = vmi.spec.domain.devices?.watchdog;
  if (!device) return [];
  const action = device.i6300esb?.action ?? "reset";
  return [element("watchdog", { model: "i6300esb", action }, alias(device.name))];
}
