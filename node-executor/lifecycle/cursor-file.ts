// The file of the node in which it is kept how far the events of its guests were told.
import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface CursorFile {
  /** Undefined when nothing was kept yet. */
  read(): string | undefined;
  /** All of it or nothing, whenever we are killed. */
  write(text: string): Promise<void>;
}

export function openCursorFile(stateDir: string): CursorFile {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = join(stateDir, "lifecycle-events.json");
  return {
    read: () => {
      try {
        return readFileSync(file, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    write: async (text) => {
      await writeFile(`${file}.new`, text, { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
  };
}
