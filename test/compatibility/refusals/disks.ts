// Refusals of what a disk says about itself.
import type { SpecRefusal } from "./row.ts";

const disk = (given: object) => ({
  domain: { devices: { disks: [{ name: "root", ...given }] } },
  volumes: [{ name: "root", emptyDisk: { capacity: "1Mi" } }],
});
const blockSize = (logical: number, physical: number, more: object = { disk: { bus: "virtio" } }) =>
  disk({ ...more, blockSize: { custom: { logical, physical } } });

/** When, what the disk says, the field below it, the message. */
const rows: [string, object, string, string][] = [
  ["a bus that there is not", { disk: { bus: "ide" } }, ".disk.bus", 'Unsupported value: "ide"'],
  ["a CD-ROM drive on bus virtio", { cdrom: { bus: "virtio" } }, ".cdrom.bus", 'Unsupported value: "virtio"'],
  ["a serial number with a blank", { serial: "a b" }, ".serial", 'Invalid value: "a b"'],
  ["a cache mode that there is not", { cache: "unsafe" }, ".cache", 'Unsupported value: "unsafe"'],
  ["a mode of I/O that there is not", { io: "default" }, ".io", 'Unsupported value: "default"'],
  ["an error policy that there is not", { errorPolicy: "retry" }, ".errorPolicy", 'Unsupported value: "retry"'],
  ["a place in the boot order below 1", { bootOrder: 0 }, ".bootOrder", "Invalid value: 0"],
  [
    "block sizes that are chosen and those of the volume",
    { blockSize: { custom: { logical: 512, physical: 4096 }, matchVolume: {} } },
    ".blockSize",
    "block sizes are chosen or those of the volume: custom and matchVolume were given, leave one of them out",
  ],
  ["a disk that is a CD-ROM too", { disk: {}, cdrom: {} }, "", "a disk is either a disk or a cdrom: both were given"],
  [
    "a CD-ROM that can be written to",
    { cdrom: { readonly: false } },
    ".cdrom.readonly",
    "a CD-ROM cannot be written to: leave readonly out, or use disk",
  ],
  [
    "a read-only disk on bus sata",
    { disk: { bus: "sata", readonly: true } },
    ".disk",
    "a disk on bus sata cannot be read-only: use bus virtio, scsi or usb, or cdrom",
  ],
  [
    "a PCI address on bus scsi",
    { disk: { bus: "scsi", pciAddress: "0000:00:05.0" } },
    ".disk.pciAddress",
    "only a disk on bus virtio has a PCI address: use that bus, or leave pciAddress out",
  ],
  [
    "a PCI address that is none",
    { disk: { bus: "virtio", pciAddress: "5" } },
    ".disk.pciAddress",
    'Invalid value: "5"',
  ],
  [
    "a thread of its own on bus sata",
    { dedicatedIOThread: true },
    ".dedicatedIOThread",
    "only a disk on bus virtio can have a thread of its own: use that bus, or leave dedicatedIOThread out",
  ],
  [
    "native I/O with a cache",
    { io: "native", cache: "writeback" },
    ".io",
    "io native goes around the host's cache: use cache none or io threads",
  ],
  [
    "a shareable disk with a cache",
    { shareable: true, cache: "writethrough" },
    ".cache",
    "a shareable disk is not cached on one host: use cache none or leave it out",
  ],
];

export const diskRefusals: SpecRefusal[] = [
  ...rows.map(([when, given, field, message]) => ({
    id: "VI-11",
    when,
    spec: disk(given),
    field: `domain.devices.disks[0]${field}`,
    message,
  })),
  {
    id: "VI-11",
    when: "a block size that is no power of two",
    spec: blockSize(1000, 4096),
    field: "domain.devices.disks[0].blockSize.custom.logical",
    message: "a block size is no power of two: found 1000, expected one from 512 to 2097152",
  },
  {
    id: "VI-11",
    when: "logical blocks greater than physical ones",
    spec: blockSize(4096, 512),
    field: "domain.devices.disks[0].blockSize.custom.logical",
    message: "the logical block size is greater than the physical one: lower logical or raise physical",
  },
  {
    id: "VI-11",
    when: "logical blocks of 4096 bytes on bus sata",
    spec: blockSize(4096, 4096, {}),
    field: "domain.devices.disks[0].blockSize",
    message: "a disk on bus sata has logical blocks of 512 bytes: use another bus",
  },
];
