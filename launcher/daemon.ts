// The libvirt daemon: started or found running, watched, and started again when it dies. The guest does not notice.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Connection, type ConnectionEnd, ConnectionError, connect } from "@knvirt/libvirt";
import { LauncherError } from "./errors.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { LibvirtFiles } from "./libvirt-files.ts";
import type { Log } from "./log.ts";
import { signalByPidFile } from "./pid-file.ts";

const program = "/usr/sbin/libvirtd";
const connectTimeoutMs = 30_000;
const startTimeoutMs = 20_000;
const pollMs = 10;
const restartPauseMs = 1000;
/** A daemon that is silent for so long hangs. */
const keepalive = { intervalSeconds: 5, count: 3 };

/** Nobody listens, or who listened is just dying. */
const absences: ConnectionEnd[] = ["unreachable", "lost"];

export interface DaemonOptions {
  files: LibvirtFiles;
  log: Log;
  /** Called with each new connection, before anybody else has it. */
  connected(connection: Connection): Promise<void>;
}

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #closed = new AbortController();
  #connection = Promise.withResolvers<Connection>();

  constructor(options: DaemonOptions) {
    this.#options = options;
    void this.#run();
  }

  /** The present connection, or the next one. */
  async connection(): Promise<Connection> {
    const late = delay(connectTimeoutMs, undefined, { ref: false }).then(() => {
      throw new LauncherError("LibvirtNotResponding", `libvirt did not answer within ${connectTimeoutMs / 1000} s`);
    });
    return Promise.race([this.#connection.promise, late]);
  }

  /** Ends the daemon too: to be called when there is no guest any more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await signalDaemon(this.#options.files, "SIGTERM");
  }

  async #run(): Promise<void> {
    const { log, files } = this.#options;
    while (!this.#closed.signal.aborted) {
      try {
        const end = await this.#serve();
        if (this.#closed.signal.aborted) return;
        log.warn({ reason: end.reason }, "connection to libvirt ended");
        if (end.reason === "unresponsive") await signalDaemon(files, "SIGKILL");
      } catch (error) {
        if (this.#closed.signal.aborted) return;
        log.error({ err: error }, "libvirt does not serve us");
        await delay(restartPauseMs);
      }
    }
  }

  /** One connection from its beginning to its end. */
  async #serve(): Promise<ConnectionError> {
    const connection = await this.#open();
    const abort = (): Promise<void> => connection.close();
    this.#closed.signal.addEventListener("abort", abort, { once: true });
    try {
      await this.#options.connected(connection);
      this.#connection.resolve(connection);
      const end = await connection.closed;
      // Whoever asks from now on waits for the next one.
      this.#connection = Promise.withResolvers();
      return end;
    } finally {
      this.#closed.signal.removeEventListener("abort", abort);
      await connection.close();
    }
  }

  async #open(): Promise<Connection> {
    const { files, log } = this.#options;
    const running = await this.#tryConnect();
    if (running) return running;
    log.info({ program }, "starting libvirt");
    await removeLeftovers(files);
    const ended = await startDaemon(files);
    for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await delay(pollMs)) {
      this.#closed.signal.throwIfAborted();
      const connection = await this.#tryConnect();
      if (connection) return connection;
      const how = ended();
      if (how !== undefined) throw new Error(`${program} ended at its start: ${how}, see ${files.log}`);
    }
    throw new Error(`${program} does not listen on ${files.socket} after ${startTimeoutMs / 1000} s`);
  }

  /** Undefined when nobody listens. */
  async #tryConnect(): Promise<Connection | undefined> {
    const { signal } = this.#closed;
    const { socket: socketPath } = this.#options.files;
    try {
      return await connect({ socketPath, uri: "qemu:///session", keepalive, signal, timeoutMs: connectTimeoutMs });
    } catch (error) {
      if (error instanceof ConnectionError && absences.includes(error.reason)) return undefined;
      throw error;
    }
  }
}

/** In a session of its own and with files for its output: it outlives us. Answers how to ask whether it ended. */
async function startDaemon({ environment, log }: LibvirtFiles): Promise<() => string | undefined> {
  const output = await open(log, "a", 0o600);
  try {
    const child = spawn(program, [], {
      env: environment,
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
    });
    let how: string | undefined;
    child.on("exit", (code, signal) => {
      how = signal ?? `exit code ${code}`;
    });
    await once(child, "spawn");
    child.unref();
    return () => how;
  } finally {
    await output.close();
  }
}

/** It may be the child of the process that was here before us. */
const signalDaemon = ({ pidFile }: LibvirtFiles, signal: NodeJS.Signals): Promise<void> =>
  signalByPidFile(pidFile, new RegExp(`^${basename(program)}$`), signal);
