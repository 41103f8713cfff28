// Writes a file that is there whole or not at all, whenever we are killed and however full the disk is.
import { readFile, rename, writeFile } from "node:fs/promises";

export async function writeAtomically(
  file: string,
  text: string,
  options: { mode?: number; flush?: boolean } = {},
): Promise<void> {
  // What is there already is left: a full disk has no room for it twice.
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
  await writeFile(`${file}.new`, text, options);
  await rename(`${file}.new`, file);
}
