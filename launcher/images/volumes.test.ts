// Disks of claims and of the node, and disks made of values: by the real tools, against what users may have left there.
import { execFileSync } from "node:child_process";
import { mkdir, readFile, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Volume } from "@knvirt/api";
import type { Paths } from "../paths.ts";
import { type Folders, inImage, launcherFolders, put, qemuImg } from "../testing/folders.ts";
import { aVmi } from "../testing/vmi.ts";
import { diskImages } from "./index.ts";

let folders: Folders;
let paths: Paths;
beforeEach(async () => {
  folders = await launcherFolders();
  paths = folders.paths;
});
afterEach(() => folders.remove());

const make = async (volume: Volume) => (await diskImages(aVmi({ volumes: [volume] }), paths))[volume.name];
const link = async (target: string, path: string) => {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
};

const claimed: Volume = { name: "files", persistentVolumeClaim: { claimName: "files" } };
const thrownAway: Volume = { name: "files", ephemeral: { persistentVolumeClaim: { claimName: "files" } } };
const local: Volume = { name: "local", hostDisk: { path: "/data/vm/root.img", type: "Disk" } };
const megabyte = Buffer.alloc(2 ** 20, 1);
const disk = () => join(paths.claim("files"), "disk.img");
/** What a guest may write at the beginning of its own raw disk. */
const trap = async (path: string) => {
  await put(path, "");
  qemuImg("create", "-q", "-f", "qcow2", "-u", "-F", "raw", "-b", "/etc/passwd", path, "1M");
};

describe("a disk that stays", () => {
  test.each([
    { when: "of a claim", volume: claimed, path: disk },
    { when: "of a data volume", volume: { name: "files", dataVolume: { name: "files" } }, path: disk },
    { when: "of the node", volume: local, path: () => join(paths.hostDisk("local"), "root.img") },
  ])("$when is opened raw, whatever it begins with", async ({ volume, path }) => {
    await trap(path());
    expect(await make(volume)).toMatchObject({ path: path(), format: "raw" });
    expect(await make(volume)).not.toHaveProperty("backing");
  });

  test.each([
    { when: "it is not there", given: async () => undefined, want: /: disk.img cannot be used: no such file$/ },
    { when: "it is empty", given: () => put(disk(), ""), want: /: it is empty, expected a raw disk image$/ },
    { when: "it is a folder", given: () => mkdir(disk(), { recursive: true }), want: /: it is no ordinary file/ },
    { when: "it is a link", given: () => link("/etc/passwd", disk()), want: /: it is no ordinary file/ },
    {
      when: "it is a pipe",
      given: async () => {
        await mkdir(dirname(disk()), { recursive: true });
        execFileSync("mkfifo", [disk()]);
      },
      want: /: it is no ordinary file/,
    },
    {
      when: "its device is none",
      given: () => put(paths.claimDevice("files"), "x"),
      want: /: the block device cannot be used: it is no block device$/,
    },
  ])("is refused when $when", async ({ given, want }) => {
    await given();
    for (const volume of [claimed, thrownAway])
      await expect(make(volume)).rejects.toMatchObject({
        reason: "DiskInvalid",
        message: expect.stringMatching(want),
      });
  });
});

describe("a disk that is thrown away", () => {
  test("takes the guest's writes, and its claim is a raw backing", async () => {
    await put(disk(), megabyte);
    const made = await make(thrownAway);
    const backing = { path: disk(), format: "raw" };
    expect(made).toMatchObject({ path: join(paths.disks, "files.qcow2"), format: "qcow2", backing });
    expect(JSON.parse(qemuImg("info", "--output=json", made?.path ?? ""))).toMatchObject({
      "virtual-size": megabyte.length,
      "backing-filename-format": "raw",
    });
  });

  test("does not look into its claim for another format", async () => {
    await trap(disk());
    const { size } = await stat(disk());
    const made = await make(thrownAway);
    const info = JSON.parse(qemuImg("info", "--backing-chain", "--output=json", made?.path ?? "")) as object[];
    expect(info).toMatchObject([{ "virtual-size": Math.ceil(size / 512) * 512 }, { format: "raw" }]);
    expect(info).toHaveLength(2);
  });
});

const labelOf = async (path: string) => (await readFile(path)).toString("latin1", 32808, 32840).trim();

describe("a disk made of values", () => {
  /** As the kubelet lays them out: behind links, so that all change at once. */
  const mounted = async (directory: string, files: Record<string, string>) => {
    for (const [name, content] of Object.entries(files)) await put(join(directory, "..2026_01_02", name), content);
    await mkdir(join(directory, "..2026_01_02"), { recursive: true });
    await symlink("..2026_01_02", join(directory, "..data"));
    for (const name of new Set(Object.keys(files).map((path) => path.split("/")[0] ?? "")))
      await symlink(`..data/${name}`, join(directory, name));
  };
  const downwardAPI = { fields: [{ path: "a/b", fieldRef: { fieldPath: "metadata.name" } }] };

  test.each([
    { when: "a ConfigMap", volume: { configMap: { name: "c" } }, label: "cfgdata" },
    { when: "a Secret", volume: { secret: { secretName: "s", volumeLabel: "Keys_1" } }, label: "Keys_1" },
    { when: "the pod", volume: { downwardAPI }, label: "cfgdata" },
  ])("of $when has its files and label, in memory", async ({ volume, label }) => {
    await mounted(paths.configuration("v"), { "-o": "dashes", "a/b": "deeper", key: "s3cret" });
    const path = (await make({ name: "v", ...volume }))?.path ?? "";
    expect(path).toBe(join(paths.generated, "v.iso"));
    expect(await labelOf(path)).toBe(label);
    expect([inImage(path, "-o"), inImage(path, "a/b"), inImage(path, "key")]).toEqual(["dashes", "deeper", "s3cret"]);
    expect(() => inImage(path, "..data/key")).toThrow();
    await expect(stat(`${path}.files`)).rejects.toThrow(/ENOENT/);
  });

  test("of nothing is empty", async () => {
    await mounted(paths.configuration("v"), {});
    expect(await labelOf((await make({ name: "v", configMap: { name: "c" } }))?.path ?? "")).toBe("cfgdata");
  });

  test("of answers for Windows has them under a name it looks for, whatever its case", async () => {
    const volume: Volume = { name: "v", sysprep: { configMap: { name: "c" } } };
    await mounted(paths.configuration("v"), { "Unattend.xml": "<unattend/>" });
    const path = (await make(volume))?.path ?? "";
    expect([await labelOf(path), inImage(path, "Unattend.xml")]).toEqual(["unattendCD", "<unattend/>"]);
  });

  test("of answers for Windows is refused without them", async () => {
    await mounted(paths.configuration("v"), { "other.xml": "" });
    await expect(make({ name: "v", sysprep: { secret: { name: "s" } } })).rejects.toMatchObject({
      reason: "SysprepInvalid",
      message: "volume v of default/web: sysprep has other.xml, expected autounattend.xml or unattend.xml",
    });
  });

  test("of a service account has its token, or says that there is none", async () => {
    const volume: Volume = { name: "v", serviceAccount: { serviceAccountName: "robot" } };
    await expect(make(volume)).rejects.toThrow(
      /service account robot has no token in the launcher pod: expected a cluster that mounts one$/,
    );
    await mounted(paths.serviceAccount, { token: "t", namespace: "default" });
    const path = (await make(volume))?.path ?? "";
    expect([inImage(path, "token"), inImage(path, "namespace")]).toEqual(["t", "default"]);
  });

  test("of cloud-init's ConfigDrive", async () => {
    const path = (await make({ name: "v", cloudInitConfigDrive: { userData: "#!/bin/sh" } }))?.path ?? "";
    expect(await labelOf(path)).toBe("config-2");
    expect(inImage(path, "openstack/latest/user_data")).toBe("#!/bin/sh");
    expect(JSON.parse(inImage(path, "openstack/latest/meta_data.json"))).toEqual({
      instance_id: "web.default",
      uuid: aVmi().metadata.uid,
      hostname: "web",
    });
    expect(() => inImage(path, "openstack/latest/network_data.json")).toThrow();
  });
});
