// Disks: what kind of drive each is, its name in the domain, and how its image is opened.
import { type Disk, disksOf, type VirtualMachineInstance } from "@knvirt/api";
import { LauncherError } from "../errors.ts";
import { alias, type Conversion, type DiskImage, unsupported, virtioModel, vmiText } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

interface Target {
  disk: Disk;
  device: "disk" | "cdrom";
  bus: "virtio" | "sata" | "scsi";
  /** In the order of the disks that share a prefix. */
  index: number;
  name: string;
}

const prefixes = { virtio: "vd", sata: "sd", scsi: "sd" } as const;

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

function disk(conversion: Conversion, { disk, device, bus, index, name }: Target): XmlElement {
  const image = conversion.images[disk.name];
  if (!image) throw unsupported(conversion, `disk ${disk.name} has no volume of its name`);
  return element(
    "disk",
    { type: "file", device, model: bus === "virtio" ? virtioModel : undefined },
    element("driver", {
      name: "qemu",
      type: image.format,
      cache: cacheOf(conversion.vmi, disk, image),
      error_policy: "stop",
      discard: device === "disk" && image.format === "qcow2" ? "unmap" : undefined,
    }),
    element("source", { file: image.path }),
    backing(image),
    element("target", { bus, dev: name }),
    ...(disk.disk?.readonly || device === "cdrom" ? [element("readonly")] : []),
    ...(disk.serial ? [textElement("serial", disk.serial)] : []),
    ...(disk.bootOrder ? [element("boot", { order: disk.bootOrder })] : []),
    alias(disk.name),
    ...(bus === "scsi" ? [element("address", { type: "drive", controller: 0, bus: 0, target: 0, unit: index })] : []),
  );
}

/** Named to its end, so that libvirt never looks into an image for what else to open. */
const backing = ({ backing }: DiskImage): XmlElement =>
  backing
    ? element(
        "backingStore",
        { type: "file" },
        element("format", { type: backing.format }),
        element("source", { file: backing.path }),
        element("backingStore"),
      )
    : element("backingStore");

function cacheOf(vmi: VirtualMachineInstance, { name, cache }: Disk, { directIo, path }: DiskImage): string {
  if (cache !== "none") return cache ?? (directIo ? "none" : "writethrough");
  if (directIo) return cache;
  throw new LauncherError(
    "CacheNotSupported",
    `disk ${name} of ${vmiText(vmi)} asks for cache none, but the file system of ${path} has no direct I/O: leave cache out, or use writethrough or writeback`,
  );
}
