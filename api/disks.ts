// Disks of a VMI: the kind of drive, and how its volume is opened.
import {
  choice,
  flag,
  found,
  integer,
  object,
  optional,
  type Rule,
  text,
  unsupportedFlag,
  unsupportedObject,
} from "./schema.ts";

const dnsLabel = { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 };

export const pciAddress = optional(
  text("Address on the guest's PCI bus, for example 0000:81:01.0.", {
    pattern: "^[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-1][0-9a-fA-F]\\.[0-7]$",
    maxLength: 12,
  }),
);

export const bootOrder = optional(
  integer("Place in the order in which devices are tried for booting; unique, from 1.", { minimum: 1 }),
);

const plain = object("An ordinary disk; the default.", {
  bus: optional(choice(["virtio", "sata", "scsi", "usb"], "Bus; sata when left out.")),
  readonly: optional(flag("The guest cannot write to it. Not possible on sata.")),
  pciAddress,
});

const cdrom = object("A CD-ROM drive.", {
  bus: optional(choice(["sata", "scsi", "usb"], "Bus; sata when left out.")),
  readonly: optional(
    flag("The guest cannot write to it; true when left out.", {
      rules: [{ rule: "self", message: "a CD-ROM cannot be written to: leave readonly out, or use disk" }],
    }),
  ),
  tray: optional(choice(["closed", "open"], "Tray of the drive when the guest starts; closed when left out.")),
});

const sizes = { minimum: 512, maximum: 2097152 };
/** CEL has no logarithm, and the range is short. */
const isPowerOfTwo =
  "self in [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576, 2097152]";
const blockSizeOf = (description: string) =>
  integer(description, {
    ...sizes,
    rules: [
      {
        rule: isPowerOfTwo,
        ...found("a block size is no power of two: found %s, expected one from 512 to 2097152", "string(self)"),
      },
    ],
  });

const custom = object(
  "Chosen sizes.",
  {
    logical: blockSizeOf("The smallest that is read or written."),
    physical: blockSizeOf("The smallest that is written without reading first."),
  },
  {
    rules: [
      {
        rule: "self.logical <= self.physical",
        message: "the logical block size is greater than the physical one: lower logical or raise physical",
        fieldPath: ".logical",
      },
    ],
  },
);

const matchVolume = object(
  "Sizes of the volume: those of its block device, or for an image those of the file system that it lies on. SeaBIOS does not start from logical blocks of more than 512 bytes.",
  { enabled: optional(flag("It is so; true when left out.")) },
);

const blockSize = object(
  "Sizes of the blocks that the guest sees; 512 bytes when left out.",
  { custom: optional(custom), matchVolume: optional(matchVolume) },
  {
    rules: [
      {
        rule: "!has(self.custom) || !has(self.matchVolume) || (has(self.matchVolume.enabled) && !self.matchVolume.enabled)",
        message:
          "block sizes are chosen or those of the volume: custom and matchVolume were given, leave one of them out",
      },
    ],
  },
);

const rules: Rule[] = [
  {
    rule: "!(has(self.disk) && has(self.cdrom))",
    message: "a disk is either a disk or a cdrom: both were given",
  },
  {
    rule: "!has(self.disk) || !has(self.disk.readonly) || !self.disk.readonly || (has(self.disk.bus) && self.disk.bus != 'sata')",
    message: "a disk on bus sata cannot be read-only: use bus virtio, scsi or usb, or cdrom",
    fieldPath: ".disk",
  },
  {
    rule: "!has(self.disk) || !has(self.disk.pciAddress) || (has(self.disk.bus) && self.disk.bus == 'virtio')",
    message: "only a disk on bus virtio has a PCI address: use that bus, or leave pciAddress out",
    fieldPath: ".disk.pciAddress",
  },
  {
    rule: "!has(self.dedicatedIOThread) || !self.dedicatedIOThread || (has(self.disk) && has(self.disk.bus) && self.disk.bus == 'virtio')",
    message: "only a disk on bus virtio can have a thread of its own: use that bus, or leave dedicatedIOThread out",
    fieldPath: ".dedicatedIOThread",
  },
  {
    rule: "!has(self.blockSize) || !has(self.blockSize.custom) || (has(self.disk) && has(self.disk.bus) && self.disk.bus != 'sata') || self.blockSize.custom.logical == 512",
    message: "a disk on bus sata has logical blocks of 512 bytes: use another bus",
    fieldPath: ".blockSize",
  },
  {
    rule: "!has(self.io) || self.io != 'native' || !has(self.cache) || self.cache == 'none'",
    message: "io native goes around the host's cache: use cache none or io threads",
    fieldPath: ".io",
  },
  {
    rule: "!has(self.shareable) || !self.shareable || !has(self.cache) || self.cache == 'none'",
    message: "a shareable disk is not cached on one host: use cache none or leave it out",
    fieldPath: ".cache",
  },
];

export const disk = object(
  "A disk of the guest. Its content is the volume of the same name.",
  {
    name: text("Name, and that of its volume.", dnsLabel),
    disk: optional(plain),
    cdrom: optional(cdrom),
    lun: unsupportedObject("a disk that passes SCSI commands through is not supported: use disk or cdrom"),
    bootOrder,
    serial: optional(text("Serial number that the guest sees.", { pattern: "^[A-Za-z0-9_.+-]+$", maxLength: 256 })),
    cache: optional(
      choice(["none", "writethrough", "writeback"], "Host cache; none where the host's file system allows it."),
    ),
    io: optional(choice(["native", "threads"], "How the host reads and writes; QEMU chooses when left out.")),
    errorPolicy: optional(
      choice(
        ["stop", "ignore", "report", "enospace"],
        "What becomes of the guest when its disk fails; stop when left out, which pauses it.",
      ),
    ),
    shareable: optional(flag("Other guests may use it at the same time; false when left out.")),
    blockSize: optional(blockSize),
    dedicatedIOThread: optional(flag("The disk has a thread of its own; false when left out.")),
    changedBlockTracking: unsupportedFlag("changed blocks are not tracked: leave it out"),
  },
  { rules },
);
