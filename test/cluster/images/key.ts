// Whether an image must be built again: a hash of everything that it is made of.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ImageName, repository } from "@knvirt/build";

/** Twelve digits tell the versions of one image apart. */
const digits = 12;

export async function imageKey(name: ImageName, base: string): Promise<string> {
  const hash = createHash("sha256").update(base);
  for (const file of await filesOf(name))
    hash
      .update(file)
      .update("\0")
      .update(await readFile(join(repository, file)));
  return hash.digest("hex").slice(0, digits);
}

/** The Dockerfile, what lies beside it for the image, and what `npm run build` made. */
async function filesOf(name: ImageName): Promise<string[]> {
  const folders = [`dist/${name}`, `${name}/image`];
  const listed = await Promise.all(folders.map(list));
  return [`${name}/Dockerfile`, ...listed.flat().sort()];
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(join(repository, folder))).map((file) => join(folder, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
