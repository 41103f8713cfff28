// Paths in an image of somebody else: links are followed as if the image's root were the file system's.
import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";

export class OutsideError extends Error {
  override readonly name = "OutsideError";
}

/**
 * The real path below root. No link leads out of it, neither absolute ones nor those that climb; the last part is
 * resolved too. The image must not change meanwhile: it is mounted read-only.
 */
export async function resolveInside(root: string, path: string, linksLeft = 40): Promise<string> {
  if (linksLeft === 0) throw new OutsideError(`${path}: too many symbolic links`);
  const done: string[] = [];
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  for (const [index, part] of parts.entries()) {
    const target = await step(root, done, part);
    if (target === undefined) continue;
    const from = target.startsWith("/") ? [] : done;
    return resolveInside(root, [...from, target, ...parts.slice(index + 1)].join("/"), linksLeft - 1);
  }
  return join(root, ...done);
}

/** Goes one part further; when that is a link, stays and answers where it leads. */
async function step(root: string, done: string[], part: string): Promise<string | undefined> {
  const here = join(root, ...done, part);
  if (part === "..") done.pop();
  else if ((await lstat(here)).isSymbolicLink()) return readlink(here);
  else done.push(part);
  return undefined;
}

/** The same, for a path that must name an ordinary file. */
export async function fileInside(root: string, path: string): Promise<string> {
  const file = await resolveInside(root, path);
  if (!(await lstat(file)).isFile()) throw new OutsideError(`${path} is no file`);
  return file;
}
