// CD-ROM images made of files: the guest finds them by their label. All of it in memory, since files may be secrets.
import { mkdir, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Volume } from "@knvirt/api";
import { runTool } from "@knvirt/tools";
import type { DiskImage } from "../domain/conversion.ts";
import { exists } from "../if-there.ts";
import { supportsDirectIo } from "./direct-io.ts";
import { limits } from "./limits.ts";
import type { Workplace } from "./workplace.ts";

export interface Content {
  label: string;
  /** Everybody in the guest may read the files, not only its root. */
  isForAll: boolean;
  /** By path in the image. */
  files: Map<string, string | Buffer>;
}

/** An image that an earlier attempt made is kept: a domain may be using it. */
export async function isoImage(
  { name }: Volume,
  { paths }: Workplace,
  contentOf: () => Promise<Content>,
): Promise<DiskImage> {
  const path = join(paths.generated, `${name}.iso`);
  if (!(await exists(path))) await make(path, await contentOf());
  return { path, format: "raw", directIo: await supportsDirectIo(path) };
}

/** The files are nobody else's business, and gone when the image is made. */
async function make(path: string, { label, isForAll, files }: Content): Promise<void> {
  const directory = `${path}.files`;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    for (const [name, content] of files) {
      const file = join(directory, name);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, content, { mode: 0o600 });
    }
    const options = ["-quiet", "-output", `${path}.new`, "-volid", label, "-joliet", "-joliet-long"];
    await runTool("xorrisofs", [...options, isForAll ? "-rational-rock" : "-rock", directory], limits);
    await padToBlock(`${path}.new`);
    await rename(`${path}.new`, path);
  } finally {
    await rm(directory, { recursive: true, force: true });
    await rm(`${path}.new`, { force: true });
  }
}

/** What a host's file system asks of direct reads at most. QEMU refuses a disk whose end is not at such a place. */
const blockBytes = 4096;

async function padToBlock(file: string): Promise<void> {
  const { size } = await stat(file);
  await truncate(file, Math.ceil(size / blockBytes) * blockBytes);
}
