// Disks: what kind of drive each is, its name in the domain, and how its image is opened.
import { type Disk, disksOf, type VirtualMachineInstance, vcpusOf } from "@knvirt/api";
import { blockSizesOf } from "./block-sizes.ts";
import { alias, type Conversion, type DiskImage, pciAddress, unsupported, virtioModel } from "./conversion.ts";
import { driverOf } from "./disk-driver.ts";
import { backingStore, source, sourceType } from "./disk-source.ts";
import { ioThreadsOf } from "./io-threads.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

interface Target {
  disk: Disk;
  device: "disk" | "cdrom";
  bus: "virtio" | "sata" | "scsi" | "usb";
  /** In the order of the disks that share a prefix. */
  index: number;
  name: string;
}

const prefixes = { virtio: "vd", sata: "sd", scsi: "sd", usb: "sd" } as const;

export function targetsOf(vmi: VirtualMachineInstance): Target[] {
  const next = { vd: 0, sd: 0 };
  return disksOf(vmi.spec).map((disk) => {
    const bus = disk.cdrom?.bus ?? disk.disk?.bus ?? "sata";
    const index = next[prefixes[bus]]++;
    return { disk, device: disk.cdrom ? "cdrom" : "disk", bus, index, name: prefixes[bus] + letters(index) };
  });
}

/** a to z, then aa, ab, ... */
export const letters = (index: number): string =>
  (index < 26 ? "" : letters(Math.floor(index / 26) - 1)) + String.fromCharCode(97 + (index % 26));

export const disks = (conversion: Conversion): XmlElement[] =>
  targetsOf(conversion.vmi).map((target) => disk(conversion, target));

function disk(conversion: Conversion, target: Target): XmlElement {
  const { disk, device, bus, name } = target;
  const image = conversion.images[disk.name];
  if (!image) throw unsupported(conversion, `disk ${disk.name} has no volume of its name`);
  const model = bus === "virtio" ? virtioModel(conversion) : undefined;
  return element(
    "disk",
    { type: sourceType(image), device, model },
    driver(conversion, target, image),
    source(image),
    backingStore(image),
    element("target", { bus, dev: name, tray: device === "cdrom" ? disk.cdrom?.tray : undefined }),
    ...blockSizes(conversion, target, image),
    ...(disk.disk?.readonly || device === "cdrom" ? [element("readonly")] : []),
    ...(disk.shareable ? [element("shareable")] : []),
    ...(disk.serial ? [textElement("serial", disk.serial)] : []),
    ...(disk.bootOrder ? [element("boot", { order: disk.bootOrder })] : []),
    alias(disk.name),
    ...address(target),
  );
}

function driver(conversion: Conversion, { disk, device, bus }: Target, image: DiskImage): XmlElement {
  const { vmi } = conversion;
  const isMultiQueue = bus === "virtio" && vmi.spec.domain.devices?.blockMultiQueue;
  return element("driver", {
    name: "qemu",
    type: image.format,
    ...driverOf(vmi, disk, image),
    discard: device === "disk" ? "unmap" : undefined,
    iothread: ioThreadsOf(vmi).ofDisk.get(disk.name),
    queues: isMultiQueue ? vcpusOf(vmi.spec) : undefined,
  });
}

function blockSizes({ vmi }: Conversion, target: Target, image: DiskImage): XmlElement[] {
  const sizes = blockSizesOf(vmi, target, image);
  return sizes
    ? [element("blockio", { logical_block_size: sizes.logical, physical_block_size: sizes.physical })]
    : [];
}

const address = ({ disk, bus, index }: Target): XmlElement[] =>
  bus === "scsi"
    ? [element("address", { type: "drive", controller: 0, bus: 0, target: 0, unit: index })]
    : pciAddress(disk.disk?.pciAddress);
