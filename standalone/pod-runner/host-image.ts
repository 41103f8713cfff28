// An image that is this machine's own root file system, read-only, with a few files laid over it.
// One overlay per image serves all its containers: what QEMU and libvirt map is in memory once.
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runTool } from "@knvirt/tools";
import { writeAtomically } from "./atomic-file.ts";
import type { Instance } from "./instance.ts";
import { bind, cover, type OciMount, scratch } from "./oci/mounts.ts";
import { mountedBelow } from "./volumes/empty-dir.ts";

export interface HostImageDefinition {
  /** The reference pods name, such as knvirt.dev/launcher:dev. */
  name: string;
  /** Absolute path in the image to what is there: a text, or a file or directory of the machine (bound, not copied). */
  files: Record<string, { content: string; mode?: number } | { from: string }>;
  entrypoint: string[];
  env?: string[];
}

export interface HostImage {
  reference: string;
  digest: string;
  rootfs: string;
  entrypoint: string[];
  env: string[];
  /** To be mounted before the pod's volumes. */
  mounts: OciMount[];
}

/** All that programs need of a machine; every other directory at the top (people's files, mostly) is covered. */
const shown = new Set([
  "bin",
  "dev",
  "etc",
  "lib",
  "lib32",
  "lib64",
  "libx32",
  "opt",
  "proc",
  "sbin",
  "sys",
  "usr",
  "var",
]);
const scratchDirectories = ["/run", "/tmp", "/var/tmp"];

export async function ensureHostImage(instance: Instance, definition: HostImageDefinition): Promise<HostImage> {
  const digest = createHash("sha256").update(JSON.stringify(definition)).digest("hex");
  const place = join(await ensureLayers(instance), digest.slice(0, 16));
  const covered = await coveredDirectories(instance);
  const image = { ...described(definition, covered), digest: `sha256:${digest}`, rootfs: join(place, "root") };
  if (!(await mountedBelow(place)).includes(image.rootfs)) await mountOver(place, definition);
  await requireEntrypoint(image);
  await writeAtomically(recordFile(instance, definition.name), JSON.stringify(image), { mode: 0o600 });
  return image;
}

export async function findHostImage(instance: Instance, reference: string): Promise<HostImage | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(instance, reference), "utf8")) as HostImage;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const recordFile = (instance: Instance, reference: string): string =>
  join(instance.layersDir, `${createHash("sha256").update(reference).digest("hex").slice(0, 16)}.json`);

/** A file system of its own, because overlayfs refuses layers that lie inside one another, and / contains all. */
async function ensureLayers({ layersDir }: Instance): Promise<string> {
  await mkdir(layersDir, { recursive: true, mode: 0o700 });
  if (!(await mountedBelow(layersDir)).includes(layersDir))
    await runTool("mount", ["-t", "tmpfs", "-o", "mode=0700,size=32m", "knvirt-layers", layersDir]);
  return layersDir;
}

async function coveredDirectories({ dataDir }: Instance): Promise<string[]> {
  const top = await readdir("/", { withFileTypes: true });
  const others = top.filter((entry) => entry.isDirectory() && !shown.has(entry.name)).map(({ name }) => `/${name}`);
  return [...others.filter((path) => !scratchDirectories.includes(path)), dataDir];
}

function described({ name, files, entrypoint, env = [] }: HostImageDefinition, covered: string[]) {
  const bound = Object.entries(files).flatMap(([path, file]) =>
    "from" in file ? [bind(file.from, path, ["ro", "nosuid", "nodev"])] : [],
  );
  return {
    reference: name,
    entrypoint,
    env,
    mounts: [...covered.map(cover), ...scratchDirectories.map(scratch), ...bound],
  };
}

/** The upper layer takes only the mount points the runtime makes: every container has its root read-only. */
async function mountOver(place: string, { name, files }: HostImageDefinition): Promise<void> {
  const [layer, upper, work, root] = ["layer", "upper", "work", "root"].map((part) => join(place, part)) as [
    string,
    string,
    string,
    string,
  ];
  for (const directory of [layer, upper, work, root]) await mkdir(directory, { recursive: true, mode: 0o755 });
  await chmod(layer, 0o755);
  for (const [path, file] of Object.entries(files)) await placeFile(join(layer, path), file);
  try {
    const options = `lowerdir=${layer}:/,upperdir=${upper},workdir=${work}`;
    await runTool("mount", ["-t", "overlay", "-o", options, "knvirt-host-image", root]);
  } catch (error) {
    throw new Error(
      `image ${name} cannot be laid over this machine's root file system: ${(error as Error).message}; overlayfs over / is needed`,
      { cause: error },
    );
  }
}

/** For a bound file or directory only the place to bind it to is made. */
async function placeFile(at: string, file: HostImageDefinition["files"][string]): Promise<void> {
  await mkdir(dirname(at), { recursive: true, mode: 0o755 });
  if (!("from" in file)) await writeFile(at, file.content, { mode: file.mode ?? 0o644 });
  else if ((await stat(file.from)).isDirectory()) await mkdir(at, { recursive: true });
  else await writeFile(at, "");
}

async function requireEntrypoint({ reference, rootfs, entrypoint: [program = ""] }: HostImage): Promise<void> {
  await stat(join(rootfs, program)).catch((error: unknown) => {
    throw new Error(
      `image ${reference} has no ${program || "entrypoint"}: install its package; it must lie on the file system mounted at /`,
      { cause: error },
    );
  });
}
