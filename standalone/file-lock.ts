// Who has a file locked, kept by the kernel: no crash leaves a stale lock. What only root may open, nobody else can lock.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { text } from "node:stream/consumers";

export interface FileLock {
  /** The descriptor of the open file. */
  file: number;
  /** Done as well when this process ends, in whatever way. */
  release(): void;
}

/** Undefined when somebody else has it for so long. The file is made where it is missing. */
export async function lockFile(path: string, waitSeconds: number): Promise<FileLock | undefined> {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const release = () => closeSync(file);
  // Who had it may have removed the file: another one of that name is another lock.
  if ((await hasLocked(file, waitSeconds)) && isOf(file, path)) return { file, release };
  release();
  return undefined;
}

const isOf = (file: number, path: string): boolean =>
  fstatSync(file).ino === statSync(path, { throwIfNoEntry: false })?.ino;

const isTaken = 75;

/** A lock of flock(2) belongs to the open file, which flock(1) shares with us: it lasts until we close it, or end. */
async function hasLocked(file: number, waitSeconds: number): Promise<boolean> {
  const options = ["--exclusive", "--timeout", String(waitSeconds), "--conflict-exit-code", String(isTaken), "3"];
  const child = spawn("flock", options, { stdio: ["ignore", "ignore", "pipe", file] });
  if (!child.stderr) throw new Error("flock's messages are not piped");
  const [[status], complaint] = await Promise.all([once(child, "exit"), text(child.stderr)]);
  if (status === 0 || status === isTaken) return status === 0;
  throw new Error(`flock failed: ${complaint.trim()}`);
}
