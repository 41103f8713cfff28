// Whether the simulation finds what it is there to find: each planted bug is hunted until an invariant is broken.
import type { Bug } from "./bug.ts";
import { bugs } from "./bugs/index.ts";
import { seedsPlayed } from "./seeds-played.ts";

export interface PlantedOptions {
  /** Most for each bug. */
  seeds: number;
  /** The name of a bug, or the beginning of several; all when left out. */
  only?: string | undefined;
  /** Processes at a time. */
  workers: number;
  print(line: string): void;
}

interface Hunted {
  bug: Bug;
  /** The invariant that was broken; undefined when none was. */
  found: string | undefined;
  /** The seed or regression that broke it. */
  by: string;
  /** How many seeds were played. */
  seeds: number;
  seconds: number;
}

/** Answers whether all were found. */
export async function runPlanted({ seeds, only = "", workers, print }: PlantedOptions): Promise<boolean> {
  const chosen = bugs.filter(({ name }) => name.startsWith(only));
  if (chosen.length === 0)
    throw new Error(`no planted bug is called ${only}: there are ${bugs.map(({ name }) => name).join(", ")}`);
  const waiting = chosen.values();
  const missed: Bug[] = [];
  const work = async (): Promise<void> => {
    for (const bug of waiting) {
      const hunted = await hunt(bug, seeds);
      if (!hunted.found) missed.push(bug);
      print(rowOf(hunted));
    }
  };
  print(row(["planted bug", "broken", "by", "seeds", "seconds"]));
  await Promise.all(Array.from({ length: workers }, work));
  print(`${chosen.length - missed.length} of ${chosen.length} planted bugs were found`);
  for (const { name, why } of missed) print(`not found: ${name}: ${why}`);
  return missed.length === 0;
}

/** By seeds, as a rule; by one of the plans that are played before all seeds in every run, if need be. */
export async function hunt(bug: Bug, seeds: number): Promise<Hunted> {
  const begun = performance.now();
  const found = (await huntBySeeds(bug, seeds)) ?? (await huntByRegressions(bug));
  const seconds = (performance.now() - begun) / 1000;
  return { bug, seconds, ...(found ?? { found: undefined, by: "", seeds }) };
}

type Found = Pick<Hunted, "found" | "by" | "seeds"> | undefined;

/** A seed that breaks a promise without it, too, has not found it. */
async function huntBySeeds(bug: Bug, seeds: number): Promise<Found> {
  for (let played = 0; played < seeds; ) {
    const left = { first: played + 1, count: seeds - played };
    const { name, plans, violation } = await seedsPlayed({ bug, seeds: left });
    played += plans;
    const isByBug = violation && !(await seedsPlayed({ seeds: { first: played, count: 1 } })).violation;
    if (isByBug) return { found: violation.invariant, by: name, seeds: played };
  }
  return undefined;
}

async function huntByRegressions(bug: Bug): Promise<Found> {
  const { name, violation } = await seedsPlayed({ bug });
  return violation && { found: violation.invariant, by: name, seeds: 0 };
}

const rowOf = ({ bug, found, by, seeds, seconds }: Hunted): string =>
  row([bug.name, found ?? "NOT FOUND", by, `${seeds}`, seconds.toFixed(1)]);

function row([bug = "", found = "", ...numbers]: string[]): string {
  return `${bug.padEnd(40)} ${found.padEnd(22)} ${numbers.map((text) => text.padStart(8)).join(" ")}`;
}
