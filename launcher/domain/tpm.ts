// A TPM by emulation: libvirt starts a swtpm beside the guest, whose state ends with the launcher's pod.
import type { Conversion } from "./conversion.ts";
import { isOn } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

export function tpm({ vmi }: Conversion): XmlElement[] {
  if (!isOn(vmi.spec.domain.devices?.tpm)) return [];
  return [element("tpm", { model: "tpm-tis" }, element("backend", { type: "emulator", version: "2.0" }))];
}
