// Seeds, or regressions, played one after the other in a process of their own, with a planted bug in it or with none.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Bug } from "./bug.ts";
import type { Told } from "./hunt.ts";

export interface Played {
  /** The last seed or regression that was played, and how many were. */
  name: string;
  plans: number;
  /** Broken by the last one. */
  violation?: Told["violation"];
}

export interface Playing {
  bug?: Bug;
  /** The regressions when left out. */
  seeds?: { first: number; count: number };
}

/** One plan takes far less; a bug that makes it last for ever is found by that. */
const longestPlanMs = 120_000;

export async function seedsPlayed({ bug, seeds }: Playing): Promise<Played> {
  const plant = bug ? ["--import", `${import.meta.dirname}/plant.ts`] : [];
  const child = spawn(
    process.execPath,
    [
      "--no-warnings",
      ...plant,
      `${import.meta.dirname}/hunt.ts`,
      ...(seeds ? [`${seeds.first}`, `${seeds.count}`] : []),
    ],
    { env: { ...process.env, ...(bug && { PLANTED_BUG: bug.name }) }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const played: Played = { name: "", plans: 0 };
  const patience = patienceWith(child);
  createInterface(child.stdout).on("line", (line) => {
    patience.anew();
    const { name, violation } = JSON.parse(line) as Told;
    Object.assign(played, { name, plans: played.plans + 1, ...(violation && { violation }) });
  });
  const complaint = await endOf(child);
  patience.end();
  if (complaint) throw new Error(`planted bug ${bug?.name ?? "none"} cannot be hunted: ${complaint}`);
  if (!patience.isOver()) return played;
  const name = seeds ? `${seeds.first + played.plans}` : `the one after ${played.name}`;
  const violation = { invariant: "seedsEnd", message: `${name} did not end in ${longestPlanMs} ms` };
  return { name, plans: played.plans + 1, violation };
}

function patienceWith(child: ChildProcess) {
  let isOver = false;
  const begin = (): NodeJS.Timeout =>
    setTimeout(() => {
      isOver = true;
      child.kill("SIGKILL");
    }, longestPlanMs);
  let timer = begin();
  return {
    isOver: () => isOver,
    end: () => clearTimeout(timer),
    anew: () => {
      clearTimeout(timer);
      timer = begin();
    },
  };
}

/** Answers with what it complained of when it failed by itself. */
function endOf(child: ChildProcess): Promise<string | undefined> {
  let complaint = "";
  child.stderr?.on("data", (text: Buffer) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ? complaint || `exit code ${code}` : undefined));
  });
}
