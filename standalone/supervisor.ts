// Child processes that are started again when they die, and that end when this process does, however it ends.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, openSync, renameSync, statSync, writeSync } from "node:fs";
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
      const how = await lifeOf(program, state);
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

async function lifeOf(program: Program, state: { child: ChildProcess | undefined }): Promise<string> {
  try {
    state.child = launch(program);
  } catch (error) {
    return (error as Error).message; // such as no space for its log
  }
  return exitOf(state.child);
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
  notePid(pidFile, child);
  return child;
}

/** Over the one before and as long as it: on a full disk there is no room for more. */
function notePid(pidFile: string, child: ChildProcess): void {
  const file = openSync(pidFile, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    writeSync(file, `${String(child.pid).padEnd(10)}\n`);
  } catch (error) {
    child.kill("SIGKILL"); // nobody would find it
    throw error;
  } finally {
    closeSync(file);
  }
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
