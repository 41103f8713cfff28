import type { Disk } from "@knvirt/api";
import { aVmi } from "../testing/vmi.ts";
import { blockSizesOf } from "./block-sizes.ts";
import type { DiskImage } from "./conversion.ts";

const image: DiskImage = { path: "/disks/a", format: "raw", directIo: true };
const file = (bytes: number): DiskImage => ({ ...image, blocks: { logical: bytes, physical: bytes } });
const device = (logical: number, physical: number): DiskImage => ({
  ...image,
  isDevice: true,
  blocks: { logical, physical },
});
const drive = (blockSize: Disk["blockSize"], bus = "virtio", kind: "disk" | "cdrom" = "disk") => ({
  disk: { name: "a", ...(blockSize && { blockSize }) },
  device: kind,
  bus,
});
const custom = { logical: 512, physical: 4096 };
const matching = { matchVolume: {} };
const off = { matchVolume: { enabled: false } };

test.each([
  { when: "nothing is said", given: drive(undefined), image: file(4096), want: undefined },
  { when: "they are chosen", given: drive({ custom }), image: file(4096), want: custom },
  { when: "matching is off", given: drive(off), image: file(4096), want: undefined },
  { when: "matching is off and they are chosen", given: drive({ custom, ...off }), image, want: custom },
  {
    when: "a device has 512",
    given: drive(matching),
    image: device(512, 512),
    want: { logical: 512, physical: 512 },
  },
  { when: "a device has 512 by emulation", given: drive(matching), image: device(512, 4096), want: custom },
  {
    when: "a device has larger ones",
    given: drive({ matchVolume: { enabled: true } }, "scsi"),
    image: device(16384, 65536),
    want: { logical: 16384, physical: 65536 },
  },
  {
    when: "a file system has 4096",
    given: drive(matching),
    image: file(4096),
    want: { logical: 4096, physical: 4096 },
  },
  {
    when: "a file system likes larger pieces",
    given: drive(matching),
    image: file(2 ** 20),
    want: { logical: 4096, physical: 2 ** 20 },
  },
  { when: "bus sata can have them", given: drive(matching, "sata"), image: device(512, 4096), want: custom },
])("sizes are $want when $when", ({ given, image, want }) =>
  expect(blockSizesOf(aVmi(), given, image)).toEqual(want),
);

test.each([
  {
    when: "bus sata cannot have them",
    given: drive(matching, "sata"),
    image: file(4096),
    want: /^disk a of default\/web is to match its volume, but a disk on bus sata has logical blocks of 512 bytes: found 4096, use another bus or leave matchVolume out$/,
  },
  {
    when: "a CD-ROM drive cannot have them",
    given: drive(matching, "scsi", "cdrom"),
    image: file(4096),
    want: /but a CD-ROM drive has logical blocks of 512 bytes/,
  },
  {
    when: "a file system has none",
    given: drive(matching),
    image: file(0),
    want: /whose logical blocks are impossible: found 0 bytes, expected a power of two from 512 to 2097152/,
  },
  {
    when: "they are no power of two",
    given: drive(matching),
    image: device(512, 3072),
    want: /whose physical blocks are impossible: found 3072 bytes/,
  },
  {
    when: "they are larger than a drive has them",
    given: drive(matching),
    image: file(2 ** 22),
    want: /whose physical blocks are impossible: found 4194304 bytes/,
  },
])("refused: $when", ({ given, image, want }) => {
  expect(() => blockSizesOf(aVmi(), given, image)).toThrow(want);
  expect(() => blockSizesOf(aVmi(), given, image)).toThrow(
    expect.objectContaining({ reason: "BlockSizeNotSupported" }),
  );
});
