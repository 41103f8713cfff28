// Machines that differ in their devices.
import type { VmiSpec } from "@knvirt/api";
import type { Conversion } from "../domain/conversion.ts";
import { aConversion } from "./vmi.ts";

type Domain = VmiSpec["domain"];
type Devices = NonNullable<Domain["devices"]>;
type Disks = NonNullable<Devices["disks"]>;

const memory = { guest: "64Mi" };
const virtio = { bus: "virtio" as const };
const withDevices = (devices: Devices): Conversion => aConversion({ domain: { memory, devices } });
const withDisks = (disks: Disks, domain: Partial<Domain> = {}, devices: Devices = {}): Conversion =>
  aConversion({
    domain: { memory, ...domain, devices: { ...devices, disks } },
    volumes: disks.map(({ name }) => ({ name, containerDisk: { image: "registry.example/disk" } })),
  });
const virtioDisks = (count: number): Disks =>
  Array.from({ length: count }, (_, index) => ({ name: `d${index}`, disk: virtio }));

const raw = { a: { path: "/disks/a.img", format: "raw" as const, directIo: true } };
const device = { path: "/dev/a", isDevice: true, format: "raw" as const, directIo: true };

export const deviceCases: Record<string, Conversion> = {
  "usb-disks": withDisks([
    { name: "a", disk: { bus: "usb" }, bootOrder: 1 },
    { name: "b", cdrom: { bus: "usb" } },
    { name: "c", disk: { bus: "usb", readonly: true } },
  ]),
  "cdrom-trays": withDisks([
    { name: "a", cdrom: { tray: "open", readonly: true } },
    { name: "b", cdrom: { tray: "closed" } },
  ]),
  "disk-driver": withDisks([
    { name: "a", disk: virtio, io: "native", cache: "none", errorPolicy: "report" },
    { name: "b", disk: virtio, io: "threads", cache: "writeback", errorPolicy: "ignore" },
    { name: "c", disk: virtio, errorPolicy: "enospace" },
    { name: "d", disk: virtio, errorPolicy: "stop", shareable: false },
  ]),
  "block-device": {
    ...withDisks([{ name: "a", disk: virtio }]),
    images: { a: device },
  },
  "shared-disk": { ...withDisks([{ name: "a", disk: { bus: "scsi" }, shareable: true }]), images: raw },
  "block-sizes": withDisks([
    { name: "a", disk: virtio, blockSize: { custom: { logical: 4096, physical: 4096 } } },
    {
      name: "b",
      disk: { bus: "scsi" },
      blockSize: { custom: { logical: 512, physical: 4096 } },
    },
    { name: "c", disk: {}, blockSize: { custom: { logical: 512, physical: 4096 } } },
  ]),
  "block-sizes-of-device": {
    ...withDisks([{ name: "a", disk: virtio, blockSize: { matchVolume: {} } }]),
    images: { a: { ...device, blocks: { logical: 4096, physical: 4096 } } },
  },
  "block-sizes-of-file": {
    ...withDisks([{ name: "a", disk: { bus: "scsi" }, blockSize: { matchVolume: { enabled: true } } }]),
    images: { a: { ...raw.a, blocks: { logical: 1048576, physical: 1048576 } } },
  },
  "block-sizes-not-matched": withDisks([{ name: "a", disk: virtio, blockSize: { matchVolume: { enabled: false } } }]),
  "pci-addresses": aConversion({
    domain: {
      memory,
      devices: {
        disks: [{ name: "a", disk: { ...virtio, pciAddress: "0000:05:00.0" } }],
        interfaces: [{ name: "default", masquerade: {}, pciAddress: "0000:04:00.0" }],
      },
    },
    volumes: [{ name: "a", emptyDisk: { capacity: "1Gi" } }],
  }),
  "interface-options": withDevices({
    interfaces: [
      { name: "a", masquerade: {}, state: "down", acpiIndex: 7 },
      { name: "b", masquerade: {}, state: "up" },
    ],
  }),
  "multi-queue": withDisks(
    [...virtioDisks(1), { name: "s", disk: { bus: "scsi" } }],
    { cpu: { cores: 3 } },
    { blockMultiQueue: true },
  ),
  "interface-queues": aConversion({
    domain: {
      memory,
      cpu: { cores: 4 },
      devices: {
        networkInterfaceMultiqueue: true,
        interfaces: [
          { name: "a", masquerade: {}, model: "virtio" },
          { name: "b", masquerade: {} },
          { name: "c", masquerade: {}, model: "e1000e" },
        ],
      },
    },
  }),
  "interface-queue-of-one-cpu": withDevices({ networkInterfaceMultiqueue: true }),
  "io-threads-shared": withDisks([...virtioDisks(2), { name: "s", disk: {} }], { ioThreadsPolicy: "shared" }),
  "io-threads-auto": withDisks([...virtioDisks(3), { name: "own", disk: virtio, dedicatedIOThread: true }], {
    ioThreadsPolicy: "auto",
  }),
  "io-threads-few-disks": withDisks(virtioDisks(1), { ioThreadsPolicy: "auto", cpu: { cores: 4 } }),
  "io-threads-none": withDisks([{ name: "s", disk: {} }], { ioThreadsPolicy: "auto" }),
  "io-thread-of-one": withDisks([...virtioDisks(2), { name: "own", disk: virtio, dedicatedIOThread: true }]),
  inputs: withDevices({
    inputs: [
      { name: "t" },
      { name: "k", type: "keyboard", bus: "usb" },
      { name: "vt", type: "tablet", bus: "virtio" },
      { name: "vk", type: "keyboard", bus: "virtio" },
    ],
  }),
  "input-virtio-only": withDevices({ inputs: [{ name: "t", bus: "virtio" }] }),
  "input-by-default": withDevices({ autoattachInputDevice: true }),
  watchdog: withDevices({ watchdog: { name: "guard", i6300esb: { action: "poweroff" } } }),
  "watchdog-by-default": withDevices({ watchdog: { name: "guard" } }),
  "watchdog-shutdown": withDevices({ watchdog: { name: "guard", i6300esb: { action: "shutdown" } } }),
  sound: withDevices({ sound: { name: "audio" } }),
  "sound-ac97": withDevices({ sound: { name: "audio", model: "ac97" } }),
  tpm: withDevices({ tpm: {} }),
  "tpm-off": withDevices({ tpm: { enabled: false } }),
  "panic-devices": withDevices({ panicDevices: [{ model: "isa" }, { model: "hyperv" }] }),
  "panic-by-default": withDevices({ panicDevices: [{}] }),
  "video-cirrus": withDevices({ video: { type: "cirrus" } }),
  "video-virtio": withDevices({ video: { type: "virtio" } }),
  "video-ramfb": withDevices({ video: { type: "ramfb" } }),
  "video-bochs": withDevices({ video: { type: "bochs" } }),
  "serial-not-kept": withDevices({ logSerialConsole: false }),
  transitional: aConversion({
    domain: {
      memory,
      devices: {
        useVirtioTransitional: true,
        rng: {},
        disableHotplug: true,
        interfaces: [{ name: "default", masquerade: {} }],
        disks: [
          { name: "a", disk: virtio },
          { name: "b", disk: { bus: "scsi" } },
        ],
      },
    },
    volumes: [
      { name: "a", emptyDisk: { capacity: "1Gi" } },
      { name: "b", emptyDisk: { capacity: "1Gi" } },
    ],
  }),
};
