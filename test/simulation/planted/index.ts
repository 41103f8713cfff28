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
  /** The last that was played, and how many were. */
  seed: number;
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
  print(row(["planted bug", "found by", "seed", "seeds", "seconds"]));
  await Promise.all(Array.from({ length: workers }, work));
  print(`${chosen.length - missed.length} of ${chosen.length} planted bugs were found`);
  for (const { name, why } of missed) print(`not found: ${name}: ${why}`);
  return missed.length === 0;
}

/** A seed that breaks a promise without it, too, has not found it. */
export async function hunt(bug: Bug, seeds: number): Promise<Hunted> {
  const begun = performance.now();
  const hunted = { bug, found: undefined, seed: 0, seeds: 0 };
  const seconds = (): number => (performance.now() - begun) / 1000;
  while (hunted.seed < seeds) {
    const {
      seed,
      seeds: played,
      violation,
    } = await seedsPlayed({ bug, first: hunted.seed + 1, count: seeds - hunted.seed });
    Object.assign(hunted, { seed, seeds: hunted.seeds + played });
    const isByBug = violation && !(await seedsPlayed({ first: seed, count: 1 })).violation;
    if (isByBug) return { ...hunted, found: violation.invariant, seconds: seconds() };
  }
  return { ...hunted, seconds: seconds() };
}

const rowOf = ({ bug, found, seed, seeds, seconds }: Hunted): string =>
  row([bug.name, found ?? "NOT FOUND", found ? `${seed}` : "", `${seeds}`, seconds.toFixed(1)]);

function row([bug = "", found = "", ...numbers]: string[]): string {
  return `${bug.padEnd(40)} ${found.padEnd(22)} ${numbers.map((text) => text.padStart(8)).join(" ")}`;
}
