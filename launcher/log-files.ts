// Keeps files that others append to from growing without end: the older part moves aside, the oldest is lost.
import { copyFile, stat, truncate } from "node:fs/promises";
import { ifThere } from "./if-there.ts";
import type { Log } from "./log.ts";

const intervalMs = 10_000;
const largestBytes = 1024 * 1024;

/** The writers have opened the files for appending, and so go on at the new end. Answers how to stop. */
export function boundLogFiles(files: string[], log: Log): () => void {
  const timer = setInterval(() => {
    for (const file of files)
      boundLogFile(file, largestBytes).catch((error: unknown) =>
        log.warn({ err: error, file }, "log file not shortened"),
      );
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

export async function boundLogFile(file: string, largest: number): Promise<void> {
  const found = await ifThere(stat(file));
  if (!found || found.size <= largest) return;
  await copyFile(file, `${file}.1`);
  await truncate(file);
}
