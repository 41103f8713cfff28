// Devices by which the guest tells that it panicked.
import type { Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

export const panicDevices = ({ vmi }: Conversion): XmlElement[] =>
  (vmi.spec.domain.devices?.panicDevices ?? []).map(({ model = "isa" }) => element("panic", { model }));
