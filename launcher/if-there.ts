// What may not be there yet, or not any more: files, and processes by their files in /proc.
import { access } from "node:fs/promises";

/** Undefined when there is no such file or process. */
export async function ifThere<T>(wanted: Promise<T>): Promise<T | undefined> {
  try {
    return await wanted;
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

export const exists = async (path: string): Promise<boolean> =>
  (await ifThere(access(path).then(() => true))) ?? false;
