// A private libvirt daemon of an ordinary user, for tests that run as root: root's own would be the machine's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lchown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { launcherUser } from "@knvirt/api";
import type { Connection } from "@knvirt/libvirt";
import { Daemon } from "../daemon.ts";
import { exists } from "../if-there.ts";
import { type LibvirtFiles, writeLibvirtFiles } from "../libvirt-files.ts";
import { pathsBelow } from "../paths.ts";
import { quietLog } from "./log.ts";

export interface TestLibvirtd {
  connection: Connection;
  files: LibvirtFiles;
  close(): Promise<void>;
}

/** Started by somebody else, as far as Daemon can see: so it is adopted. */
export async function startLibvirtd(): Promise<TestLibvirtd> {
  const root = await mkdtemp(join(tmpdir(), "kl-"));
  const paths = pathsBelow(root);
  const files = await writeLibvirtFiles(paths);
  for (const name of ["", ...(await readdir(root, { recursive: true }))])
    await lchown(join(root, name), launcherUser, launcherUser);
  const child = spawn("/usr/sbin/libvirtd", [], {
    uid: launcherUser,
    gid: launcherUser,
    env: files.environment,
    stdio: "ignore",
  });
  const listening = Promise.withResolvers<Connection>();
  const exited = once(child, "exit");
  await waitForSocket(files.socket);
  const daemon = new Daemon({ files, log: quietLog, connected: async (connection) => listening.resolve(connection) });
  return {
    connection: await listening.promise,
    files,
    close: async () => {
      await daemon.close();
      await exited;
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function waitForSocket(socket: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(10)) if (await exists(socket)) return;
  throw new Error(`no libvirtd listens on ${socket}`);
}
