// Sizes as the kernel tells them: of a real device and its partition, and of a real file system.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "@jest/globals";
import { pathsBelow } from "../paths.ts";
import { aVmi } from "../testing/vmi.ts";
import { blocksOf, deviceNumber } from "./block-sizes.ts";
import { diskImages } from "./index.ts";

let root: string;
const attached: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "knvirt-blocks-"));
});
afterEach(() => rm(root, { recursive: true }));
afterAll(() => {
  for (const device of attached) execFileSync("losetup", ["--detach", device]);
});

const sectorBytes = 4096;

/** With a partition, told to the kernel as it is: not every kernel reads tables of partitions. */
async function attach(): Promise<string> {
  const file = join(root, "disk.img");
  await writeFile(file, Buffer.alloc(2 ** 20));
  const options = ["--find", "--show", "--partscan", "--sector-size", `${sectorBytes}`];
  const device = execFileSync("losetup", [...options, file])
    .toString()
    .trim();
  attached.push(device);
  execFileSync("addpart", [device, "1", "8", "2040"]);
  return device;
}

/** As the kubelet gives it to a container: a node of that number under a name of its own. */
async function nodeOf(folder: string): Promise<string> {
  const [major = "", minor = ""] = (await readFile(join(folder, "dev"), "utf8")).trim().split(":");
  const path = join(root, basename(folder));
  execFileSync("mknod", [path, "b", major, minor]);
  return path;
}

test("a device has its own, and a partition those of its disk", async () => {
  const folder = join("/sys/block", basename(await attach()));
  const wanted = { logical: sectorBytes, physical: sectorBytes };
  expect(await blocksOf({ path: await nodeOf(folder), isDevice: true })).toEqual(wanted);
  const partition = join(folder, `${basename(folder)}p1`);
  expect(await blocksOf({ path: await nodeOf(partition), isDevice: true })).toEqual(wanted);
});

test("a device that the kernel does not know is told", async () => {
  const path = join(root, "none");
  execFileSync("mknod", [path, "b", "259", "1048575"]);
  await expect(blocksOf({ path, isDevice: true })).rejects.toThrow(
    "the kernel does not tell the block sizes of its device: found none below /sys/dev/block/259:1048575",
  );
});

test("a file has those of its file system", async () => {
  const path = join(root, "disk.img");
  await writeFile(path, "");
  const { bsize } = await statfs(root);
  expect(await blocksOf({ path })).toEqual({ logical: bsize, physical: bsize });
});

test.each([
  { when: "its disk is to match it", blockSize: { matchVolume: {} }, want: true },
  { when: "its disk is not to match it", blockSize: { matchVolume: { enabled: false } }, want: false },
  { when: "nothing is said", blockSize: undefined, want: false },
])("a volume's are looked up: $want when $when", async ({ blockSize, want }) => {
  const paths = pathsBelow(root);
  await mkdir(paths.disks, { recursive: true });
  const vmi = aVmi({
    domain: { devices: { disks: [{ name: "scratch", ...(blockSize && { blockSize }) }] } },
    volumes: [{ name: "scratch", emptyDisk: { capacity: "1Mi" } }],
  });
  const { bsize } = await statfs(paths.disks);
  const { scratch } = await diskImages(vmi, paths);
  expect(scratch?.blocks).toEqual(want ? { logical: bsize, physical: bsize } : undefined);
});

test.each([
  { device: 0xfe00, want: "254:0" },
  { device: 0x0801, want: "8:1" },
  { device: 0x010302, want: "259:2" },
  { device: 0xfff103ff, want: "259:1048575" },
])("device $device is $want", ({ device, want }) => expect(deviceNumber(device)).toBe(want));
