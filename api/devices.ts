// Devices of a VMI: disks, interfaces, and what is attached unless switched off.
import { choice, flag, integer, list, listByKey, object, optional, text } from "./schema.ts";

const dnsLabel = { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 };
const bus = (words: ("virtio" | "sata" | "scsi")[]) => optional(choice(words, "Bus; sata when left out."));

const disk = object(
  "A disk of the guest. Its content is the volume of the same name.",
  {
    name: text("Name, and that of its volume.", dnsLabel),
    disk: optional(
      object("An ordinary disk; the default.", {
        bus: bus(["virtio", "sata", "scsi"]),
        readonly: optional(flag("The guest cannot write to it. Not possible on sata.")),
      }),
    ),
    cdrom: optional(object("A CD-ROM drive, read-only.", { bus: bus(["sata", "scsi"]) })),
    bootOrder: optional(
      integer("Place in the order in which devices are tried for booting; unique, from 1.", { minimum: 1 }),
    ),
    serial: optional(text("Serial number that the guest sees.", { pattern: "^[A-Za-z0-9_.+-]+$", maxLength: 256 })),
    cache: optional(
      choice(["none", "writethrough", "writeback"], "Host cache; none where the host's file system allows it."),
    ),
  },
  {
    rules: [
      {
        rule: "!(has(self.disk) && has(self.cdrom))",
        message: "a disk is either a disk or a cdrom: both were given",
      },
      {
        rule: "!has(self.disk) || !has(self.disk.readonly) || !self.disk.readonly || (has(self.disk.bus) && self.disk.bus != 'sata')",
        message: "a disk on bus sata cannot be read-only: use bus virtio or scsi, or cdrom",
        fieldPath: ".disk",
      },
    ],
  },
);

const port = object("A port of the guest.", {
  name: optional(text("Name.", { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 15 })),
  port: integer("Number.", { minimum: 1, maximum: 65535 }),
  protocol: optional(choice(["TCP", "UDP"], "Protocol; TCP when left out.")),
});

export const networkInterface = object(
  "A network interface of the guest, attached to the network of the same name.",
  {
    name: text("Name, and that of its network.", { pattern: "^[A-Za-z0-9-_]+$", maxLength: 63 }),
    masquerade: optional(
      object(
        "The guest sits behind the pod's address: outgoing connections are translated, listed ports forwarded.",
        {},
      ),
    ),
    model: optional(
      choice(["virtio", "e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139"], "Device model; virtio when left out."),
    ),
    macAddress: optional(
      text("MAC address of the guest, for example de:ad:00:00:be:af.", {
        pattern: "^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$",
        maxLength: 17,
      }),
    ),
    ports: optional(
      list(port, "Ports reachable from outside the guest; all of them when the list is empty.", { maxItems: 256 }),
    ),
    bootOrder: optional(
      integer("Place in the order in which devices are tried for booting; unique, from 1.", { minimum: 1 }),
    ),
  },
  {
    rules: [
      {
        rule: "has(self.masquerade)",
        message: "an interface needs a binding: only masquerade is supported",
        reason: "FieldValueRequired",
        fieldPath: ".masquerade",
      },
      {
        rule: "!has(self.macAddress) || self.macAddress.lowerAscii().replace('-', ':') != '02:00:00:00:00:00'",
        message: "the MAC address 02:00:00:00:00:00 is reserved for the bridge: choose another one",
        fieldPath: ".macAddress",
      },
    ],
  },
);

export const devices = object("Devices of the guest.", {
  disks: optional(
    listByKey(["name"], disk, {
      description: "Disks. A volume without a disk gets one.",
      maxItems: 128,
    }),
  ),
  interfaces: optional(listByKey(["name"], networkInterface, { description: "Network interfaces.", maxItems: 32 })),
  rng: optional(object("A virtio random number generator fed by the host.", {})),
  autoattachPodInterface: optional(
    flag("Without networks and interfaces, attach the pod network by masquerade; true when left out."),
  ),
  autoattachSerialConsole: optional(flag("Attach a serial console; true when left out.")),
  autoattachGraphicsDevice: optional(flag("Attach a VGA adapter with VNC; true when left out.")),
  autoattachMemBalloon: optional(flag("Attach a memory balloon; true when left out.")),
});
