// Controllers that other devices sit on. PCI ports are laid out by libvirt: as many as there are devices.
import { type Conversion, virtioModel } from "./conversion.ts";
import { targetsOf } from "./disk.ts";
import { inputsOf } from "./input.ts";
import { element, type XmlElement } from "./xml.ts";

export function controllers(conversion: Conversion): XmlElement[] {
  const { vmi } = conversion;
  const model = virtioModel(conversion);
  const has = (bus: string): boolean => targetsOf(vmi).some((target) => target.bus === bus);
  const needsUsb = has("usb") || inputsOf(vmi.spec).some((input) => input.bus === "usb");
  return [
    element("controller", { type: "usb", index: 0, model: needsUsb ? "qemu-xhci" : "none" }),
    ...(has("scsi") ? [element("controller", { type: "scsi", index: 0, model })] : []),
    element("controller", { type: "virtio-serial", index: 0, model }),
  ];
}
