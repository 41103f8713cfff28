// One supervisor for each data directory: the kernel holds the lock, so no crash leaves a stale one.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Settings } from "./settings.ts";

const pidFile = ({ runDir }: Settings): string => join(runDir, "supervisor.pid");

/** Undefined when another process holds it. The name lives in the kernel, not in the file system; nobody is answered
 * there, so that others may connect to it does no harm. */
export function takeLock(settings: Settings): Promise<{ release(): void } | undefined> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((stranger) => stranger.destroy());
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(`\0knvirt${settings.dataDir}`, () => {
      writeFileSync(pidFile(settings), `${process.pid}\n`);
      resolve({
        release: () => {
          rmSync(pidFile(settings), { force: true });
          server.close();
        },
      });
    });
  });
}

/** The process that holds the lock; undefined when none does. */
export async function lockHolder(settings: Settings): Promise<number | undefined> {
  const lock = await tryLock(settings);
  if (lock) return undefined;
  return Number(readFileSync(pidFile(settings), "utf8"));
}

/** True when nobody held the lock a moment ago. */
function tryLock({ dataDir }: Settings): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(`\0knvirt${dataDir}`, () => server.close(() => resolve(true)));
  });
}
