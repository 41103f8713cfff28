// The folders of a launcher pod for tests in which the real tools make images, and what those tests do with files.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Paths, pathsBelow } from "../paths.ts";

export interface Folders {
  paths: Paths;
  remove(): Promise<void>;
}

export async function launcherFolders(): Promise<Folders> {
  const root = await mkdtemp(join(tmpdir(), "knvirt-launcher-"));
  const paths = pathsBelow(root);
  for (const directory of [paths.disks, paths.private]) await mkdir(directory, { recursive: true });
  return { paths, remove: () => rm(root, { recursive: true }) };
}

export async function put(path: string, content: string | Buffer): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

export const qemuImg = (...args: string[]): string => execFileSync("qemu-img", args).toString();

/** Content of a file in a CD-ROM image. */
export const inImage = (image: string, name: string): string =>
  execFileSync("xorriso", ["-osirrox", "on", "-indev", image, "-concat", "append", "-", `/${name}`, "--"], {
    stdio: ["ignore", "pipe", "ignore"],
  }).toString();
