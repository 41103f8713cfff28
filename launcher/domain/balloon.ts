// The memory balloon: by it the guest tells how it uses its memory, and gives free pages back to the host.
import { type Conversion, virtioModel } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

const statsPeriodSeconds = 10;

export function balloon(conversion: Conversion): XmlElement[] {
  if (conversion.vmi.spec.domain.devices?.autoattachMemBalloon === false)
    return [element("memballoon", { model: "none" })];
  const stats = element("stats", { period: statsPeriodSeconds });
  return [element("memballoon", { model: virtioModel(conversion), freePageReporting: "on" }, stats)];
}
