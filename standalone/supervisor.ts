// Child processes that are started again when they die, and that end when this process does, however it ends.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, renameSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface Program {
  name: string;
  /** Entry file and arguments for Node. */
  args: string[];
  env: Record<string, string>;
  logFile: string;
  /** Holds the process id while the program runs, for people and tests. */
  pidFile: string;
}

export interface Supervised {
  readonly name: string;
  readonly pid: number | undefined;
  /** Asks it to end and waits; after the grace time it is killed. */
  stop(graceMs?: number): Promise<void>;
}

export interface SupervisorOptions {
  /** Told of each death that nobody asked for. */
  onDeath: (name: string, how: string, pauseMs: number) => void;
}

const longestPauseMs = 10_000;
/** One that lived so long starts again without a pause. */
const healthyMs = 30_000;
const largestLogBytes = 16 * 1024 * 1024;

export function supervise(program: Program, { onDeath }: SupervisorOptions): Supervised {
  const state = { child: undefined as ChildProcess | undefined, stopping: false };
  const ended = (async () => {
    let pauseMs = 0;
    while (!state.stopping) {
      const startedAt = Date.now();
      state.child = launch(program);
      const how = await exitOf(state.child);
      if (state.stopping) return;
      pauseMs = Date.now() - startedAt > healthyMs ? 0 : Math.min(longestPauseMs, Math.max(200, pauseMs * 2));
      onDeath(program.name, how, pauseMs);
      await sleep(pauseMs);
    }
  })();
  return {
    name: program.name,
    get pid() {
      return state.child?.pid;
    },
    stop: async (graceMs = 5_000) => {
      state.stopping = true;
      state.child?.kill("SIGTERM");
      const timer = setTimeout(() => state.child?.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function launch({ args, env, logFile, pidFile }: Program): ChildProcess {
  rotate(logFile);
  const log = openSync(logFile, "a", 0o600);
  // The IPC channel breaks when this process dies, even by SIGKILL, and each child takes that as its end. A group of
  // its own keeps the terminal's Ctrl-C away: who ends when is decided here.
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", log, log, "ipc"],
    detached: true,
  });
  closeSync(log);
  writeFileSync(pidFile, `${child.pid}\n`);
  return child;
}

const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`));
  });

function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLogBytes) renameSync(logFile, `${logFile}.1`);
}
