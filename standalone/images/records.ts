// What the store remembers on disk: which reference stands for which unpacked image.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageConfig } from "./layout.ts";

export interface ReferenceRecord {
  reference: string;
  /** Manifest digest: the name of the unpacked image. */
  digest: string;
  /** Made on this machine: no registry has it, so none is ever asked. */
  isLocal: boolean;
  /** Digest of what the registry answered for the reference, to notice a moved tag without copying. */
  sourceDigest?: string;
}

export interface ImageRecord {
  digest: string;
  config: ImageConfig;
}

export interface StorePaths {
  references: string;
  unpacked: string;
  pulling: string;
}

export const storePaths = (directory: string): StorePaths => ({
  references: join(directory, "references"),
  unpacked: join(directory, "unpacked"),
  pulling: join(directory, "pulling"),
});

export const imageDirectory = (paths: StorePaths, digest: string): string =>
  join(paths.unpacked, digest.replace(":", "-"));

export async function findRecord(paths: StorePaths, reference: string): Promise<ReferenceRecord | undefined> {
  return readOptional<ReferenceRecord>(recordFile(paths, reference));
}

export const findImage = (paths: StorePaths, digest: string): Promise<ImageRecord | undefined> =>
  readOptional<ImageRecord>(join(imageDirectory(paths, digest), "image.json"));

export async function allRecords(paths: StorePaths): Promise<ReferenceRecord[]> {
  const names = await readdir(paths.references).catch(emptyWhenAbsent);
  const records = names
    .filter((name) => name.endsWith(".json"))
    .map((name) => readOptional<ReferenceRecord>(join(paths.references, name)));
  return (await Promise.all(records)).filter((record) => record !== undefined);
}

export async function writeRecord(paths: StorePaths, record: ReferenceRecord): Promise<void> {
  await mkdir(paths.references, { recursive: true });
  const file = recordFile(paths, record.reference);
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, JSON.stringify(record), { flush: true });
  await rename(draft, file);
}

export const removeRecord = (paths: StorePaths, reference: string): Promise<void> =>
  rm(recordFile(paths, reference), { force: true });

const recordFile = (paths: StorePaths, reference: string): string =>
  join(paths.references, `${createHash("sha256").update(reference).digest("hex")}.json`);

async function readOptional<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

export function emptyWhenAbsent(error: unknown): string[] {
  if (isAbsent(error)) return [];
  throw error;
}
