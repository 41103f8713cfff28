// Controllers that other devices sit on. PCI ports are laid out by libvirt: as many as there are devices.
import { type Conversion, virtioModel } from "./conversion.ts";
import { targetsOf } from "./disk.ts";
import { element, type XmlElement } from "./xml.ts";

export function controllers({ vmi }: Conversion): XmlElement[] {
  const hasScsi = targetsOf(vmi).some(({ bus }) => bus === "scsi");
  return [
    element("controller", { type: "usb", index: 0, model: "none" }),
    ...(hasScsi ? [element("controller", { type: "scsi", index: 0, model: virtioModel })] : []),
    element("controller", { type: "virtio-serial", index: 0, model: virtioModel }),
  ];
}
