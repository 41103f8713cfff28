// A real libvirtd of its own: unprivileged, in the foreground, in private directories, gone with the test.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../errors.ts";
import { connect } from "../open.ts";

export interface Libvirtd extends AsyncDisposable {
  socketPath: string;
  /** Its own, writable by the daemon. */
  directory: string;
  connect(uri: string): Promise<Connection>;
  /** Stops it in its tracks: it is there and answers nothing. */
  pause(): void;
  /** Ends it the hard way; answers when it is gone. */
  kill(): Promise<void>;
}

/** libvirtd runs in session mode for everybody but root; it wants its user to exist, so nobody it is. */
const nobody = 65534;
/** Without virtlogd, which would outlive the test; more in flight than the default of 5, as a launcher sets it. */
const settings = { "qemu.conf": 'stdio_handler = "file"\n', "libvirtd.conf": "max_client_requests = 50\n" };
const startMs = 60_000;

export async function libvirtd(): Promise<Libvirtd> {
  const directory = mkdtempSync(join(tmpdir(), "libvirtd-"));
  const own = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const folders = ["", "runtime", "cache", "config", "config/libvirt"].map((name) => join(directory, name));
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (own.uid) chownSync(folder, own.uid, own.gid);
  }
  const [home, runtime, cache, config] = folders;
  for (const [name, text] of Object.entries(settings)) writeFileSync(join(directory, "config/libvirt", name), text);
  const env = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_CONFIG_HOME: config,
    XDG_CACHE_HOME: cache,
  };
  const daemon = spawn("/usr/sbin/libvirtd", [], { ...own, env, stdio: "ignore" });
  const exited = once(daemon, "exit");
  const kill = async (): Promise<void> => {
    daemon.kill("SIGKILL");
    await exited;
  };
  const socketPath = join(directory, "runtime/libvirt/libvirt-sock");
  return {
    socketPath,
    directory,
    connect: (uri) => Promise.race([connectWhenUp(socketPath, uri), exited.then(failStart)]),
    pause: () => void daemon.kill("SIGSTOP"),
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(directory, { recursive: true });
    },
  };
}

function failStart(): never {
  throw new Error("libvirtd ended before it was connected to");
}

async function connectWhenUp(socketPath: string, uri: string): Promise<Connection> {
  const deadline = Date.now() + startMs;
  for (;;) {
    try {
      return await connect({ socketPath, uri });
    } catch (error) {
      const isComing = error instanceof ConnectionError && error.reason === "unreachable" && Date.now() < deadline;
      if (!isComing) throw error;
      await setTimeout(20);
    }
  }
}
