// Writes a file that is there whole or not at all, whenever we are killed and however full the disk is.
import { rename, writeFile } from "node:fs/promises";

export async function writeAtomically(
  file: string,
  text: string,
  options: { mode?: number; flush?: boolean } = {},
): Promise<void> {
  await writeFile(`${file}.new`, text, options);
  await rename(`${file}.new`, file);
}
