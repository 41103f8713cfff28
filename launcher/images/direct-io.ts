// Whether an image can be read and written around the host's cache.
import { constants } from "node:fs";
import { open } from "node:fs/promises";

export async function supportsDirectIo(...files: string[]): Promise<boolean> {
  for (const path of files) {
    try {
      await (await open(path, constants.O_RDONLY | constants.O_DIRECT)).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EINVAL") return false;
      throw error;
    }
  }
  return true;
}
