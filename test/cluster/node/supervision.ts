// Keeps the programs of a node running: each is started again when it dies, unless it was told to stop.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Program } from "./program.ts";

export interface Supervision {
  /** Runs it as defined here: one that runs otherwise is started anew. */
  keep(program: Program): Promise<void>;
  start(name: string): void;
  /** Resolves when it has ended. */
  stop(name: string): Promise<void>;
  report(): ReportLine[];
}

export interface ReportLine {
  name: string;
  /** As the node numbers it. */
  pid: number | undefined;
  seconds: number;
  restarts: number;
}

interface Kept {
  program: Program;
  child: ChildProcess | undefined;
  wanted: boolean;
  since: number;
  restarts: number;
}

/** Long enough that a program which cannot start does not keep a processor busy. */
const againMs = 500;
/** What does not end by then is ended by force. */
const patienceMs = 10_000;

export function supervision(logs: string): Supervision {
  mkdirSync(logs, { recursive: true });
  const all = new Map<string, Kept>();
  const find = (name: string): Kept => {
    const kept = all.get(name);
    if (!kept) throw new Error(`program ${name} is unknown: found ${[...all.keys()].join(", ")}`);
    return kept;
  };
  const start = (kept: Kept) => {
    kept.wanted = true;
    if (!kept.child) launch(kept, logs);
  };
  return {
    async keep(program) {
      const kept = all.get(program.name) ?? { program, child: undefined, wanted: false, since: 0, restarts: 0 };
      all.set(program.name, kept);
      if (!isDeepStrictEqual(kept.program, program)) await stop(kept);
      kept.program = program;
      start(kept);
    },
    start: (name) => start(find(name)),
    stop: async (name) => stop(find(name)),
    report: () => [...all.values()].map(lineOf),
  };
}

async function stop(kept: Kept): Promise<void> {
  kept.wanted = false;
  if (kept.child) await end(kept.child);
}

function launch(kept: Kept, logs: string): void {
  const [command = "", ...args] = kept.program.argv;
  const log = openSync(join(logs, `${kept.program.name}.log`), "a");
  const child = spawn(command, args, {
    stdio: ["ignore", log, log],
    env: { ...process.env, ...kept.program.env },
    // Groups of their own: what ends one does not reach the others.
    detached: true,
  });
  Object.assign(kept, { child, since: Date.now() });
  const ended = () => {
    if (kept.child !== child) return;
    kept.child = undefined;
    if (!kept.wanted) return;
    kept.restarts += 1;
    setTimeout(() => kept.wanted && !kept.child && launch(kept, logs), againMs);
  };
  child.on("exit", ended);
  child.on("error", ended);
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

const lineOf = ({ program, child, since, restarts }: Kept): ReportLine => ({
  name: program.name,
  pid: child?.pid,
  seconds: child ? Math.round((Date.now() - since) / 1000) : 0,
  restarts,
});
