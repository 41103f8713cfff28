// The end of a run: all is healed, the world comes to rest, what is left is what was wished for, and then nothing is written.
import { Violation } from "../invariants/index.ts";
import type { Furnished } from "./furnished.ts";

const minute = 60_000;
/** Longer than the longest time that a function waits for by itself, which is that between two starts that failed. */
const quietMs = 7 * minute;
const patienceMs = 90 * minute;

export interface Rest {
  /** The world goes on until then. */
  advance(untilMs: number): Promise<void>;
  /** Throws a Violation. */
  atRest(): void;
  /** How long nothing may be written afterwards. */
  afterwardsMs: number;
}

export async function comeToRest({ books, world: { timeline } }: Furnished, rest: Rest): Promise<void> {
  const begunMs = timeline.nowMs;
  while (timeline.nowMs - Math.max(begunMs, books.changedMs) < quietMs) {
    if (timeline.nowMs - begunMs > patienceMs) throw restless(books.changesSince(timeline.nowMs - 2 * quietMs));
    await rest.advance(Math.max(begunMs, books.changedMs) + quietMs + 1);
  }
  rest.atRest();
  const restMs = timeline.nowMs;
  await rest.advance(restMs + rest.afterwardsMs);
  const changes = books.changesSince(restMs);
  if (changes.length > 0) throw moved(changes);
}

const most = 8;

const restless = (changes: string[]): Violation =>
  new Violation("comesToRest", {
    object: "the world",
    message: `does not come to rest within ${patienceMs / minute} min; of late: ${changes.slice(0, most).join("; ")}`,
  });

const moved = (changes: string[]): Violation =>
  new Violation("staysAtRest", {
    object: "the world",
    message: `was at rest, and then: ${changes.slice(0, most).join("; ")}`,
  });
