// One supervisor for each data directory: it holds a lock on a file that says its process id.
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { lockFile } from "./file-lock.ts";
import type { Settings } from "./settings.ts";

/** In a folder that only root enters. */
const pidFile = ({ runDir }: Settings): string => join(runDir, "supervisor.pid");

/** Whoever only looks for the holder holds it for a moment. */
const patienceSeconds = 0.5;

/** Undefined when another process holds it. */
export async function takeLock(settings: Settings): Promise<{ release(): void } | undefined> {
  const lock = await lockFile(pidFile(settings), patienceSeconds);
  if (!lock) return undefined;
  writeHolder(lock.file, String(process.pid));
  return {
    release: () => {
      writeHolder(lock.file, "");
      lock.release();
    },
  };
}

/** The process that holds the lock; undefined when none does. */
export async function lockHolder(settings: Settings): Promise<number | undefined> {
  const lock = await lockFile(pidFile(settings), 0);
  lock?.release();
  if (lock) return undefined;
  return Number(readFileSync(pidFile(settings), "utf8")) || undefined; // empty for a moment after it was taken
}

/** Over the one before and as long as it: that takes no room on a full disk. */
const writeHolder = (file: number, pid: string): number => writeSync(file, `${pid.padEnd(10)}\n`, 0);
