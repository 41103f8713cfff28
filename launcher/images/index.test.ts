// Images made by the real tools, read back by the real tools.
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Volume } from "@knvirt/api";
import type { Paths } from "../paths.ts";
import { type Folders, inImage, launcherFolders, put, qemuImg } from "../testing/folders.ts";
import { aVmi } from "../testing/vmi.ts";
import { wholeMebibytes } from "./empty-disk.ts";
import { diskImages, kernelBoot } from "./index.ts";

let folders: Folders;
let paths: Paths;
beforeEach(async () => {
  folders = await launcherFolders();
  paths = folders.paths;
});
afterEach(() => folders.remove());

const make = async (volume: Volume) => (await diskImages(aVmi({ volumes: [volume] }), paths))[volume.name];
const megabyte = Buffer.alloc(1024 * 1024, 1);

describe("a container disk", () => {
  const root = (given: object = {}): Volume => ({ name: "root", containerDisk: { image: "a", ...given } });
  const disk = (name: string): string => join(paths.containerDisk("root"), "disk", name);

  test("that is raw gets an overlay, which is kept", async () => {
    const source = await put(disk("a.img"), megabyte);
    const made = await make(root());
    expect(made).toMatchObject({
      path: join(paths.disks, "root.qcow2"),
      format: "qcow2",
      backing: { path: source, format: "raw" },
    });
    const found = JSON.parse(qemuImg("info", "--output=json", made?.path ?? ""));
    expect(found).toMatchObject({
      "virtual-size": megabyte.length,
      "backing-filename": source,
      "backing-filename-format": "raw",
    });
    const before = await stat(made?.path ?? "");
    await make(root());
    expect((await stat(made?.path ?? "")).ino).toBe(before.ino);
  });

  test("that is qcow2 gets an overlay", async () => {
    await put(disk("x"), "");
    await rm(disk("x"));
    qemuImg("create", "-q", "-f", "qcow2", disk("a.qcow2"), "8M");
    expect(await make(root())).toMatchObject({ backing: { format: "qcow2" } });
  });

  test("is found by its path", async () => {
    await put(disk("a.img"), megabyte);
    await put(disk("b.img"), megabyte);
    expect(await make(root({ path: "/disk/b.img" }))).toMatchObject({ backing: { path: disk("b.img") } });
  });

  test.each([
    {
      when: "it is not there",
      given: async () => put(disk("../a"), ""),
      want: /cannot be found in its image: no such file$/,
    },
    {
      when: "there are two",
      given: async () => [await put(disk("a"), "1"), await put(disk("b"), "1")],
      want: /\/disk has 2 files, expected exactly one: set containerDisk.path$/,
    },
    { when: "it is empty", given: async () => put(disk("a"), ""), want: /is no usable image: it is empty$/ },
    {
      when: "it is of another format",
      given: async () => qemuImg("create", "-q", "-f", "vmdk", await put(disk("a"), ""), "8M"),
      want: /is no usable image: format vmdk, expected raw or qcow2$/,
    },
    {
      when: "it refers to another file",
      given: async () =>
        qemuImg(
          "create",
          "-q",
          "-f",
          "qcow2",
          "-u",
          "-F",
          "raw",
          "-b",
          "/etc/passwd",
          await put(disk("a"), ""),
          "8M",
        ),
      want: /it has a backing file, expected none$/,
    },
    {
      when: "its data lie in another file",
      given: async () =>
        qemuImg("create", "-q", "-f", "qcow2", "-o", `data_file=${disk("../data")}`, await put(disk("a"), ""), "8M"),
      want: /it has an external data file, expected none$|is no usable image/,
    },
  ])("is refused when $when", async ({ given, want }) => {
    await given();
    await expect(make(root())).rejects.toThrow(want);
    await expect(make(root())).rejects.toThrow(/^volume root of default\/web: container disk /);
  });
});

describe("an empty disk", () => {
  test("is as large as wanted", async () => {
    const made = await make({ name: "scratch", emptyDisk: { capacity: "8Mi" } });
    expect(made).toMatchObject({ path: join(paths.disks, "scratch.qcow2"), format: "qcow2" });
    expect(JSON.parse(qemuImg("info", "--output=json", made?.path ?? ""))["virtual-size"]).toBe(8 * 1024 * 1024);
  });

  test("is refused when it is too small", () =>
    expect(make({ name: "scratch", emptyDisk: { capacity: "1000k" } })).rejects.toThrow(
      "volume scratch of default/web: emptyDisk.capacity is 1000k, expected 1Mi or more",
    ));

  test.each([
    ["1Mi", 1048576],
    ["2000k", 1048576],
    ["1G", 999292928],
  ])("%s is %i bytes", (given, want) => expect(wholeMebibytes(given)).toBe(want));
});

describe("cloud-init", () => {
  const init = (cloudInitNoCloud: object): Volume => ({ name: "init", cloudInitNoCloud });
  const base64 = Buffer.from("#cloud-config\n").toString("base64");

  test.each([
    {
      when: "inline",
      given: { userData: "#!/bin/sh", networkData: "version: 2" },
      want: { "user-data": "#!/bin/sh", "network-config": "version: 2" },
    },
    {
      when: "in base64",
      given: { userDataBase64: `${base64.slice(0, 4)}\n${base64.slice(4)}` },
      want: { "user-data": "#cloud-config\n" },
    },
    {
      when: "in secrets",
      given: { secretRef: { name: "a" }, networkDataSecretRef: { name: "b" } },
      want: { "user-data": "from a", "network-config": "from b" },
    },
    {
      when: "only for the network",
      given: { networkData: "version: 1" },
      want: { "user-data": "", "network-config": "version: 1" },
    },
  ])("with data $when", async ({ given, want }) => {
    await put(join(paths.userData("init"), "userdata"), "from a");
    await put(join(paths.networkData("init"), "networkData"), "from b");
    const made = await make(init(given));
    expect(made).toMatchObject({ path: join(paths.generated, "init.iso"), format: "raw" });
    const path = made?.path ?? "";
    for (const [name, content] of Object.entries(want)) expect(inImage(path, name)).toBe(content);
    expect(JSON.parse(inImage(path, "meta-data"))).toEqual({
      "instance-id": aVmi().metadata.uid,
      "local-hostname": "web",
    });
    expect((await readFile(path)).toString("latin1", 32808, 32840).trim()).toBe("cidata");
    expect((await readFile(path)).length % 4096).toBe(0);
    await expect(stat(join(paths.generated, "init.iso.files"))).rejects.toThrow(/ENOENT/);
  });

  test.each([
    {
      when: "is no base64",
      given: { userDataBase64: "a=b" },
      want: "volume init of default/web: cloudInitNoCloud.userDataBase64 is not base64",
    },
    {
      when: "lies in a secret without the key",
      given: { networkDataSecretRef: { name: "s" } },
      want: "volume init of default/web: cloudInitNoCloud.networkData: secret s has no key networkdata or networkData",
    },
  ])("is refused when its data $when", ({ given, want }) => expect(make(init(given))).rejects.toThrow(want));
});

test("kernel and initial RAM disk are found in their image", async () => {
  const kernel = await put(join(paths.kernelBoot, "boot/vmlinuz"), "k");
  const container = { image: "a", kernelPath: "/boot/vmlinuz", initrdPath: "/boot/initrd" };
  const vmi = aVmi({ domain: { firmware: { kernelBoot: { container } } } });
  await expect(kernelBoot(vmi, paths)).rejects.toThrow(
    "kernelBoot.container.initrdPath of default/web: /boot/initrd in image a: no such file",
  );
  const initrd = await put(join(paths.kernelBoot, "boot/initrd"), "i");
  expect(await kernelBoot(vmi, paths)).toEqual({ kernel, initrd });
});
