// Builds the example guest and boots it once in plain QEMU: what it says, serves, and how it goes.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runTool } from "@knvirt/tools";
import { openImageStore, type StoredImage } from "../images/index.ts";
import { buildGuest, exampleGuest } from "./index.ts";

/** Nobody else on this machine connects from it or listens on it, so that a port of it that is free stays so. */
const address = "127.70.0.1";
const emulator = "/usr/bin/qemu-system-x86_64";
let directory: string;
let image: StoredImage;
let machine: ChildProcess | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "knvirt-guest-"));
  image = await buildGuest({ dataDir: directory, images: openImageStore(join(directory, "images")) });
});

afterAll(async () => {
  if (machine && machine.exitCode === null && machine.signalCode === null) {
    machine.kill("SIGKILL");
    await once(machine, "exit");
  }
  await rm(directory, { recursive: true, force: true });
});

test("the guest is built once, and found again", async () => {
  const again = await buildGuest({
    dataDir: directory,
    images: openImageStore(join(directory, "images")),
    onProgress: (message) => {
      throw new Error(`built again: ${message}`);
    },
  });
  expect(again.digest).toBe(image.digest);
});

test("the guest boots, gets its name and address, serves a page, runs user data, and powers off", async () => {
  const port = await freePort();
  const console = boot(port, await nocloudDisk("web-1"), await dataDisk());
  await console.shows("greeting of the user data");
  await console.shows(/knvirt guest ready: web-1 10\.0\.2\.15/);
  await console.shows("web-1:/#");

  const page = await (await fetch(`http://${address}:${port}/`)).text();
  expect(page).toContain("<h1>web-1</h1>");
  expect(page).toContain("vda 16 MiB /mnt/vda");

  machine?.stdin?.write("cat /mnt/vda/readme; uname -s\n");
  await console.shows("containerDisk");

  await pressPowerButton();
  await console.shows("knvirt guest: powering off");
  if (machine?.exitCode === null) await once(machine as ChildProcess, "exit");
  expect(machine?.exitCode).toBe(0);
}, 600_000);

function boot(port: number, ...disks: string[]) {
  const file = (path: string): string => join(image.rootfs, path);
  machine = spawn(emulator, [
    ...["-accel", "tcg", "-machine", "q35", "-m", "128", "-display", "none", "-nodefaults", "-no-user-config"],
    ...["-kernel", file(exampleGuest.kernelPath), "-initrd", file(exampleGuest.initrdPath)],
    ...["-append", exampleGuest.kernelArgs, "-serial", "stdio", "-device", "virtio-rng-pci"],
    ...["-netdev", `user,id=net,hostfwd=tcp:${address}:${port}-:80`, "-device", "virtio-net-pci,netdev=net"],
    ...["-qmp", `unix:${join(directory, "qmp")},server,nowait`],
    ...disks.toReversed().flatMap((disk) => ["-drive", `file=${disk},format=raw,if=virtio`]),
  ]);
  let seen = "";
  const wakes = new Set<() => void>();
  for (const stream of [machine.stdout, machine.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      for (const wake of wakes) wake();
    });
  const shows = (expected: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`console never showed ${expected}:\n${seen}`)), 240_000);
      const check = () => {
        if (!(typeof expected === "string" ? seen.includes(expected) : expected.test(seen))) return;
        clearTimeout(late);
        wakes.delete(check);
        resolve();
      };
      wakes.add(check);
      check();
    });
  return { shows };
}

async function nocloudDisk(name: string): Promise<string> {
  const content = join(directory, "nocloud");
  await mkdir(content);
  await writeFile(join(content, "meta-data"), `instance-id: ${name}\nlocal-hostname: ${name}\n`);
  await writeFile(join(content, "user-data"), "#!/bin/sh\necho greeting of the user data >/dev/ttyS0\n");
  const disk = join(directory, "nocloud.iso");
  await runTool("xorriso", ["-as", "mkisofs", "-quiet", "-V", "cidata", "-J", "-r", "-o", disk, content]);
  return disk;
}

async function dataDisk(): Promise<string> {
  const disk = join(directory, "disk.img");
  await copyFile(join(image.rootfs, "disk/disk.img"), disk);
  return disk;
}

async function pressPowerButton(): Promise<void> {
  const monitor = connect(join(directory, "qmp"));
  await once(monitor, "data");
  monitor.write('{"execute":"qmp_capabilities"}\n');
  await once(monitor, "data");
  monitor.write('{"execute":"system_powerdown"}\n');
  await once(monitor, "data");
  monitor.destroy();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await promisify(server.close.bind(server))();
  return port;
}
