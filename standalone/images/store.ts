// The images of this machine: copied by skopeo, unpacked once per digest by umoci, then never changed.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { ImageError, imageFailure } from "./errors.ts";
import { type ImageConfig, layoutTag, readLayout, unpack } from "./layout.ts";
import {
  allRecords,
  emptyWhenAbsent,
  findImage,
  findRecord,
  imageDirectory,
  type ReferenceRecord,
  removeRecord,
  type StorePaths,
  storePaths,
  writeRecord,
} from "./records.ts";
import { defaultPolicy, type ImageSource, imageSource, type PullPolicy } from "./reference.ts";

export interface StoredImage {
  reference: string;
  digest: string;
  /** The unpacked files; to be mounted read-only. */
  rootfs: string;
  config: ImageConfig;
}

interface PullOptions {
  policy?: PullPolicy | undefined;
  /** Asked for only when a registry is: the text of a `.dockerconfigjson`. */
  credentials?: () => Promise<string | undefined>;
  onProgress?: (progress: PullProgress) => void;
}

export interface PullProgress {
  stage: "copying" | "unpacking";
  /** What the tool says about it; absent when the stage begins. */
  line?: string;
}

export interface ImageStore {
  find(reference: string): Promise<StoredImage | undefined>;
  /** The image as the policy wants it; pulls of one reference that run at the same time are one. */
  pull(reference: string, options?: PullOptions): Promise<StoredImage>;
  /** Takes in an image made on this machine, from a layout with the tag `image`; no registry is asked for it again. */
  add(reference: string, layout: string): Promise<StoredImage>;
  /** Removes what can be pulled again: images whose rootfs is not in use, and what broken pulls left. Not to be called
   * while pods are being started. Answers with the references that are gone. */
  prune(inUse: Set<string>): Promise<string[]>;
}

export function openImageStore(directory: string): ImageStore {
  const paths = storePaths(directory);
  const pulls = new Map<string, Promise<StoredImage>>();
  const stored = (reference: string) => findStored(paths, reference);
  return {
    find: async (reference) => (await stored(reference))?.image,
    pull: (reference, options = {}) => {
      const running = pulls.get(reference);
      if (running) return running;
      const pull = pullByPolicy(paths, reference, options)
        .catch((error: unknown) => {
          throw imageFailure(reference, error);
        })
        .finally(() => pulls.delete(reference));
      pulls.set(reference, pull);
      return pull;
    },
    add: (reference, layout) => addLayout(paths, layout, { reference, isLocal: true }),
    prune: async (inUse) => (pulls.size > 0 ? [] : prune(paths, inUse)),
  };
}

async function findStored(paths: StorePaths, reference: string) {
  const record = await findRecord(paths, reference);
  const found = record && (await findImage(paths, record.digest));
  if (!record || !found) return undefined;
  return { record, image: { reference, ...found, rootfs: join(imageDirectory(paths, found.digest), "rootfs") } };
}

async function pullByPolicy(paths: StorePaths, reference: string, options: PullOptions): Promise<StoredImage> {
  const policy = options.policy ?? defaultPolicy(reference);
  const present = await findStored(paths, reference);
  if (present && (present.record.isLocal || policy !== "Always")) return present.image;
  if (policy === "Never")
    throw new ImageError("NotStored", `image ${reference} is not on this machine and its pull policy is Never`);
  const source = imageSource(reference);
  await mkdir(paths.pulling, { recursive: true, mode: 0o700 });
  const workspace = await mkdtemp(join(paths.pulling, `${process.pid}-`));
  try {
    const access = await accessArguments(workspace, source, options);
    // Asked before copying: a tag that moves in between then differs at the next pull, and is copied again.
    const sourceDigest = await digestAt(source, access);
    if (present && sourceDigest === present.record.sourceDigest) return present.image;
    const layout = await copy({ source, access, workspace, options });
    return await addLayout(paths, layout, { reference, isLocal: false, sourceDigest });
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

interface Copying {
  source: ImageSource;
  access: string[];
  workspace: string;
  options: PullOptions;
}

async function copy({ source, access, workspace, options }: Copying): Promise<string> {
  const { onProgress = () => undefined } = options;
  onProgress({ stage: "copying" });
  const layout = join(workspace, "layout");
  const flags = source.isLoopback ? ["--src-tls-verify=false"] : [];
  await runTool("skopeo", ["copy", ...flags, ...access, source.name, `oci:${layout}:${layoutTag}`], {
    onLine: (line) => onProgress({ stage: "copying", line: line.trim() }),
  });
  onProgress({ stage: "unpacking" });
  return layout;
}

/** Credentials travel in a file that only root reads: command lines are readable by everybody. */
async function accessArguments(workspace: string, source: ImageSource, options: PullOptions): Promise<string[]> {
  const credentials = source.isRegistry ? await options.credentials?.() : undefined;
  if (credentials === undefined) return [];
  const file = join(workspace, "auth.json");
  await writeFile(file, credentials, { mode: 0o600 });
  return ["--authfile", file];
}

/** One small request: what the reference stands for at its source right now. */
async function digestAt(source: ImageSource, access: string[]): Promise<string> {
  const flags = source.isLoopback ? ["--tls-verify=false"] : [];
  const manifest = await runTool("skopeo", ["inspect", "--raw", ...flags, ...access, source.name]);
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}

async function addLayout(
  paths: StorePaths,
  layout: string,
  record: Omit<ReferenceRecord, "digest">,
): Promise<StoredImage> {
  const { digest, config } = await readLayout(layout);
  if (!(await findImage(paths, digest))) await unpackAtomically(paths, layout, { digest, config });
  await writeRecord(paths, { ...record, digest });
  return { reference: record.reference, digest, config, rootfs: join(imageDirectory(paths, digest), "rootfs") };
}

/** An image directory is whole or absent: it is written elsewhere, brought to the disk, then renamed. */
async function unpackAtomically(paths: StorePaths, layout: string, image: { digest: string; config: ImageConfig }) {
  await mkdir(paths.pulling, { recursive: true, mode: 0o700 });
  await mkdir(paths.unpacked, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(paths.pulling, `${process.pid}-unpack-`));
  try {
    await unpack(layout, join(draft, "rootfs"));
    await writeFile(join(draft, "image.json"), JSON.stringify(image));
    await runTool("sync", ["--file-system", draft]);
    await rename(draft, imageDirectory(paths, image.digest));
  } catch (error) {
    if (!(await findImage(paths, image.digest))) throw error; // else another process was faster with the same image
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function prune(paths: StorePaths, inUse: Set<string>): Promise<string[]> {
  const records = await allRecords(paths);
  const directoryOf = ({ digest }: ReferenceRecord): string => imageDirectory(paths, digest);
  const unused = records.filter((record) => !record.isLocal && !inUse.has(join(directoryOf(record), "rootfs")));
  await Promise.all(unused.map(({ reference }) => removeRecord(paths, reference)));
  const kept = new Set(records.filter((record) => !unused.includes(record)).map(directoryOf));
  for (const name of await readdir(paths.unpacked).catch(emptyWhenAbsent)) {
    const directory = join(paths.unpacked, name);
    if (kept.has(directory) || inUse.has(join(directory, "rootfs"))) continue; // a moved tag leaves what still runs
    await rm(directory, { recursive: true, force: true });
  }
  await removeBrokenPulls(paths);
  return unused.map(({ reference }) => reference);
}

/** A draft belongs to the process whose id it carries; with the process gone, nobody will finish it. */
async function removeBrokenPulls(paths: StorePaths): Promise<void> {
  const owners = new Set(await readdir("/proc"));
  for (const name of await readdir(paths.pulling).catch(emptyWhenAbsent))
    if (!owners.has(name.split("-")[0] ?? "")) await rm(join(paths.pulling, name), { recursive: true, force: true });
}
