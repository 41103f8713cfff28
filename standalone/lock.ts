// One supervisor for each data directory: the kernel holds the lock, so no crash leaves a stale one.
import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "./settings.ts";

/** Locked by the supervisor, and holds its process id. In a folder that only root enters: nobody else can take it. */
const lockFile = ({ runDir }: Settings): string => join(runDir, "supervisor.pid");

/** Undefined when another process holds it. */
export function takeLock(settings: Settings): { release(): void } | undefined {
  const file = openLock(settings);
  if (!hasLocked(file, patienceSeconds)) {
    closeSync(file);
    return undefined;
  }
  writeHolder(file, String(process.pid));
  return {
    release: () => {
      writeHolder(file, "");
      closeSync(file);
    },
  };
}

/** The process that holds the lock; undefined when none does. */
export function lockHolder(settings: Settings): number | undefined {
  const file = openLock(settings);
  try {
    if (hasLocked(file, 0)) return undefined;
    return Number(readFileSync(lockFile(settings), "utf8")) || undefined; // empty for a moment after it was taken
  } finally {
    closeSync(file);
  }
}

/** Over the one before and as long as it: that takes no room on a full disk. */
const writeHolder = (file: number, pid: string): number => writeSync(file, `${pid.padEnd(10)}\n`, 0);

const openLock = (settings: Settings): number =>
  openSync(lockFile(settings), constants.O_RDWR | constants.O_CREAT, 0o600);

const isTaken = 75;
/** Whoever only looks for the holder holds it for a moment. */
const patienceSeconds = 0.5;

/** A lock of flock(2) belongs to the open file, which flock(1) shares with us: it lasts until we close it, or end. */
function hasLocked(file: number, waitSeconds: number): boolean {
  const options = ["--exclusive", "--timeout", String(waitSeconds), "--conflict-exit-code", String(isTaken), "3"];
  const { status, error, stderr } = spawnSync("flock", options, { stdio: ["ignore", "ignore", "pipe", file] });
  if (status === 0 || status === isTaken) return status === 0;
  throw new Error(`flock failed: ${error?.message ?? stderr.toString().trim()}`, { cause: error });
}
