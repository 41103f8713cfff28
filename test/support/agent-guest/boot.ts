// Kernel and initial RAM disk of the test guest: drivers, and the way to the disk.
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runTool } from "@knvirt/tools";
import { bootableKernel, guestPackages, loadOrder, unpackPackage } from "../../../standalone/guest/index.ts";

const drivers = [
  "virtio_pci",
  "virtio_blk",
  "virtio_net",
  "virtio-rng",
  "virtio_console",
  "ext4",
  "isofs",
  "vfat",
  "button",
  "evdev",
];

const architecture = "amd64";

export async function writeBoot(workspace: string, files: { kernel: string; initrd: string }): Promise<void> {
  const { kernel, busybox } = await guestPackages(architecture);
  const packages = join(workspace, "packages");
  await Promise.all([kernel, busybox].map((source) => unpackPackage(source, packages)));
  const version = kernel.name.replace(/^linux-image-/, "");
  await writeFile(files.kernel, bootableKernel(await readFile(join(packages, "boot", `vmlinuz-${version}`))));
  const tree = join(workspace, "initramfs");
  for (const directory of ["bin", "dev", "proc", "sys", "run", "root", "lib/modules"])
    await mkdir(join(tree, directory), { recursive: true });
  await copyFile(join(packages, "bin/busybox"), join(tree, "bin/busybox"));
  await copyFile(join(import.meta.dirname, "initramfs-init"), join(tree, "init"));
  for (const program of ["init", "bin/busybox"]) await chmod(join(tree, program), 0o755);
  await placeDrivers(packages, version, join(tree, "lib/modules"));
  await packTree(tree, files.initrd);
}

async function placeDrivers(packages: string, version: string, target: string): Promise<void> {
  const directory = join(packages, "lib/modules", version);
  await runTool("depmod", ["--basedir", packages, version]);
  const [dependencies, builtIn] = await Promise.all([
    readFile(join(directory, "modules.dep"), "utf8"),
    readFile(join(directory, "modules.builtin"), "utf8"),
  ]);
  const order = loadOrder(dependencies, builtIn, drivers);
  for (const path of order) await copyFile(join(directory, path), join(target, basename(path)));
  await writeFile(join(target, "order"), `${order.map((path) => basename(path)).join("\n")}\n`);
}

async function packTree(tree: string, file: string): Promise<void> {
  const input = await runTool("find", [".", "-mindepth", "1"], { cwd: tree });
  const options = ["--create", "--format=newc", "--owner=0:0", "--reproducible", "--quiet", `--file=${file}`];
  await runTool("cpio", options, { cwd: tree, input });
}
