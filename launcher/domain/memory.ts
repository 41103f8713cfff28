// How much memory the guest has.
import { guestMemoryOf } from "@knvirt/api";
import { LauncherError } from "../errors.ts";
import { type Conversion, vmiText } from "./conversion.ts";
import { textElement, type XmlElement } from "./xml.ts";

export function memory({ vmi }: Conversion): XmlElement[] {
  const bytes = guestMemoryOf(vmi.spec);
  if (!bytes || bytes < 0)
    throw new LauncherError(
      "InvalidMemory",
      `${vmiText(vmi)} has no memory: found ${bytes ?? "nothing"}, set spec.domain.memory.guest`,
    );
  return [textElement("memory", bytes, { unit: "b" })];
}
