// The example guest: a small Linux from Debian packages, as an image for kernelBoot and containerDisk.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { type ImageStore, layoutTag, type StoredImage } from "../images/index.ts";
import { writeInitramfs } from "./initramfs.ts";
import { bootableKernel } from "./kernel.ts";
import { guestPackages, type PackageVersion, unpackPackage } from "./packages.ts";

export const exampleGuest = {
  reference: "knvirt.dev/example-guest:latest",
  /** For kernelBoot.container. */
  kernelPath: "/boot/vmlinuz",
  initrdPath: "/boot/initrd.img",
  kernelArgs: "console=ttyS0 quiet",
} as const;

/** All that its image holds. */
export const guestFiles = [exampleGuest.kernelPath, exampleGuest.initrdPath, "/disk/disk.img"];

export interface GuestBuild {
  dataDir: string;
  images: ImageStore;
  onProgress?: (message: string) => void;
}

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64" };
const dataDisk = { name: "disk.img", size: "16M", label: "example" };
const readme = `This disk came with the example guest's image, as a containerDisk.
What is written to it is gone when the virtual machine is stopped: the image itself is never changed.
`;

/** Takes seconds when the packages or the recipe are new, and next to nothing otherwise. */
export async function buildGuest({
  dataDir,
  images,
  onProgress = () => undefined,
}: GuestBuild): Promise<StoredImage> {
  const architecture = architectures[process.arch];
  if (!architecture)
    throw new Error(`example guest cannot be built for ${process.arch}: expected a machine of type x64`);
  const packages = await guestPackages(architecture);
  const keyFile = join(dataDir, "guest", "key");
  const key = await buildKey(Object.values(packages));
  const present = await images.find(exampleGuest.reference);
  if (present && (await readFile(keyFile, "utf8").catch(() => "")) === key) return present;
  onProgress(`building the example guest from ${packages.kernel.name} ${packages.kernel.version}`);
  await mkdir(join(dataDir, "guest"), { recursive: true, mode: 0o700 });
  const workspace = await mkdtemp(join(dataDir, "guest", "build-"));
  try {
    const image = await build(workspace, packages, images);
    await writeFile(keyFile, key, { flush: true });
    return image;
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Everything the result depends on: package versions, and every file of this folder. */
async function buildKey(packages: PackageVersion[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(packages));
  const entries = await readdir(import.meta.dirname, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"));
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort())
    hash.update(path.slice(import.meta.dirname.length)).update(await readFile(path));
  return hash.digest("hex");
}

async function build(
  workspace: string,
  { kernel, busybox }: { kernel: PackageVersion; busybox: PackageVersion },
  images: ImageStore,
): Promise<StoredImage> {
  const packages = join(workspace, "packages");
  await Promise.all([kernel, busybox].map((source) => unpackPackage(source, packages)));
  const kernelVersion = kernel.name.replace(/^linux-image-/, "");
  const [boot, disk] = [join(workspace, "boot"), join(workspace, "disk")];
  await Promise.all([mkdir(boot), mkdir(disk)]);
  await Promise.all([
    writeKernel(join(packages, "boot", `vmlinuz-${kernelVersion}`), join(boot, "vmlinuz")),
    writeInitramfs({ packages, kernelVersion }, workspace, join(boot, "initrd.img")),
    writeDataDisk(workspace, join(disk, dataDisk.name)),
  ]);
  const layout = join(workspace, "layout");
  await packImage(layout, { "/boot": boot, "/disk": disk });
  return images.add(exampleGuest.reference, layout);
}

const writeKernel = async (from: string, to: string): Promise<void> =>
  writeFile(to, bootableKernel(await readFile(from)));

async function writeDataDisk(workspace: string, file: string): Promise<void> {
  const content = join(workspace, "disk-content");
  await mkdir(content);
  await writeFile(join(content, "readme"), readme);
  const options = ["-q", "-t", "ext4", "-L", dataDisk.label, "-d", content, "-E", "root_owner=0:0"];
  await runTool("mke2fs", [...options, file, dataDisk.size]);
}

async function packImage(layout: string, content: Record<string, string>): Promise<void> {
  const image = `${layout}:${layoutTag}`;
  await runTool("umoci", ["init", "--layout", layout]);
  await runTool("umoci", ["new", "--image", image]);
  for (const [target, source] of Object.entries(content))
    await runTool("umoci", ["insert", "--image", image, source, target]);
}
