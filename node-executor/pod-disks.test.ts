// Disks in a pod's folders, as the executor makes and gives them. Needs root.
import { execFileSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { annotation, type VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import { giveDisks, type PodDisk, podDisks } from "./pod-disks.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "knvirt-pod-disks-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mebi = 2 ** 20;
/** This process has the machine's files for its own. */
const ours = { pid: process.pid, unpackedAt: "", isStillOurs: () => true };
const disk = (given: Partial<PodDisk> = {}): PodDisk => ({
  volume: "v",
  folder,
  file: "disk.img",
  bytes: 2 * mebi,
  ...given,
});
const path = () => join(folder, "disk.img");
const found = () => {
  const { uid, gid, mode, size } = statSync(path());
  return { owner: `${uid}:${gid}`, mode: (mode & 0o777).toString(8), size };
};

test("a disk that is missing is made once, for the launcher's user", () => {
  for (let time = 0; time < 2; time += 1) {
    expect(giveDisks(ours, [disk()])).toEqual([]);
    expect(found()).toEqual({ owner: "107:107", mode: "660", size: 2 * mebi });
    writeFileSync(path(), "x", { flag: "r+" });
  }
});

test("a disk that was being made when we were killed is finished", () => {
  writeFileSync(path(), "");
  giveDisks(ours, [disk()]);
  expect(found().size).toBe(2 * mebi);
});

test.each([
  { when: "of somebody else is given, and keeps its size", owner: [0, 0], mode: 0o600, want: "107:107 660" },
  { when: "that everybody may write stays", owner: [0, 0], mode: 0o666, want: "0:0 666" },
  { when: "that the group may write stays", owner: [0, 107], mode: 0o660, want: "0:107 660" },
  { when: "that is only read by its owner is given", owner: [107, 0], mode: 0o400, want: "107:107 660" },
] as const)("a disk $when", ({ owner: [uid, gid], mode, want }) => {
  writeFileSync(path(), "content");
  execFileSync("chmod", [mode.toString(8), path()]);
  chownSync(path(), uid, gid);
  giveDisks(ours, [disk()]);
  const { owner, mode: left, size } = found();
  expect(`${owner} ${left} ${size}`).toBe(`${want} 7`);
});

test.each([
  { when: "a link", make: () => symlinkSync("elsewhere", path()) },
  { when: "a link to a file", make: () => symlinkSync("/etc/passwd", path()) },
  { when: "a pipe", make: () => execFileSync("mkfifo", [path()]) },
  { when: "a folder", make: () => mkdirSync(path()) },
  { when: "a device", make: () => execFileSync("mknod", [path(), "b", "7", "200"]) },
])("a disk that is $when is refused, and what it leads to stays as it is", ({ make }) => {
  make();
  const before = lstatSync(path());
  const passwd = statSync("/etc/passwd");
  expect(() => giveDisks(ours, [disk()])).toThrow(/^volume v: disk.img is no ordinary file: it is not followed$/);
  expect(lstatSync(path())).toMatchObject({ uid: before.uid, mode: before.mode });
  expect(statSync("/etc/passwd")).toMatchObject({ uid: passwd.uid, mode: passwd.mode });
  expect(existsSync(join(folder, "elsewhere"))).toBe(false);
});

test("what is not mounted, not to be made, or somebody else's by now is left alone", () => {
  giveDisks(ours, [disk({ folder: join(folder, "none") }), disk({ bytes: undefined })]);
  giveDisks({ ...ours, isStillOurs: () => false }, [disk()]);
  expect(existsSync(path())).toBe(false);
});

test("a folder that is a link is not followed", () => {
  mkdirSync(join(folder, "real"));
  symlinkSync("real", join(folder, "link"));
  expect(() => giveDisks(ours, [disk({ folder: join(folder, "link") })])).toThrow(/ENOTDIR$/);
  expect(existsSync(join(folder, "real", "disk.img"))).toBe(false);
});

test("a disk that does not fit is refused, one that nearly fits is made smaller", () => {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=20m", "none", folder]);
  try {
    expect(() => giveDisks(ours, [disk({ bytes: 40 * mebi })])).toThrow(
      /^volume v has room for 19Mi, expected 40Mi$/,
    );
    expect(giveDisks(ours, [disk({ bytes: 20 * mebi })])).toEqual([
      "volume v has room for 19Mi, expected 20Mi: its disk is made that much smaller",
    ]);
    expect(found().size).toBe(19 * mebi);
  } finally {
    execFileSync("umount", [folder]);
  }
});

test("which disks a launcher is given follows from its instance, sizes from its pod", () => {
  const spec = {
    domain: {},
    volumes: [
      { name: "a", persistentVolumeClaim: { claimName: "a" } },
      { name: "b", dataVolume: { name: "b" } },
      { name: "c", persistentVolumeClaim: { claimName: "c", readOnly: true } },
      { name: "d", ephemeral: { persistentVolumeClaim: { claimName: "d" } } },
      { name: "e", hostDisk: { path: "/data/e.img", type: "DiskOrCreate" as const, capacity: "1.5Mi" } },
      { name: "f", hostDisk: { path: "/data/f.img", type: "Disk" as const } },
    ],
  };
  const pod = (sizes: string) => ({ metadata: { annotations: { [annotation.diskBytes]: sizes } } }) as unknown as Pod;
  const told = (sizes: string) =>
    podDisks({ spec } as unknown as VirtualMachineInstance, pod(sizes)).map(
      ({ folder, file, bytes }) => `${folder}/${file} ${bytes}`,
    );
  expect(told('{"a":4096,"b":"x","c":1}')).toEqual([
    "/run/knvirt/claims/a/disk.img 4096",
    "/run/knvirt/claims/b/disk.img undefined",
    "/run/knvirt/host-disks/e/e.img 1048576",
    "/run/knvirt/host-disks/f/f.img undefined",
  ]);
  expect(told("{")).toHaveLength(4);
});
