// When functions that sleep are to sweep: after changes, because a process may end between its answer to an event and the
// work; when what a function waits for is due; and again when a sweep failed. Where nothing happens they sleep on.

/** All times are seconds of one steady clock. */
export interface SweepHistory {
  /** When the last sweep ended, however it did; undefined before the first. */
  ended: number | undefined;
  /** How long the functions worked on it. */
  took?: number;
  /** Changes told since it began. */
  changes?: { first: number; last: number };
  /** How the last sweeps failed, and how many in a row. */
  trouble?: { kind: Trouble; times: number };
  /** When the first object that waits is to be looked at again. */
  waitEnds?: number;
}

/** The functions did not answer, or some object could not be brought in order. */
export type Trouble = "unanswered" | "incomplete";

/** Then the functions have seen to the changes, and are still awake. */
const quietSeconds = 5;
/** Where it never gets quiet. */
const unrestSeconds = 60;
/** Sweeps are lists of all objects: they are to take no more than a hundredth of the time. */
const restShare = 100;
const mostRestSeconds = 60;
/** Who waits is looked at by the process it waits in, if that still lives. */
const precedenceSeconds = 2;
/** Against what nobody thought of. */
const longestPauseSeconds = 3_600;

const firstPauseSeconds: Record<Trouble, number> = { unanswered: 1, incomplete: 60 };
/** An API server that refused all writes for long does not tell when it takes them again. */
const mostPauseSeconds: Record<Trouble, number> = { unanswered: 60, incomplete: 240 };

export function nextSweepAt({ ended, took = 0, changes, trouble, waitEnds }: SweepHistory): number {
  if (ended === undefined) return -Infinity;
  // Who did not answer is not asked sooner for there being more to do.
  const pause = trouble?.kind === "unanswered" ? pauseAfter(trouble) : 0;
  const notBefore = ended + Math.max(pause, Math.min(mostRestSeconds, took * restShare));
  return Math.min(
    ended + longestPauseSeconds,
    trouble ? ended + pauseAfter(trouble) : Infinity,
    changes ? Math.max(notBefore, Math.min(changes.last + quietSeconds, changes.first + unrestSeconds)) : Infinity,
    waitEnds === undefined ? Infinity : Math.max(notBefore, waitEnds + precedenceSeconds),
  );
}

const pauseAfter = ({ kind, times }: NonNullable<SweepHistory["trouble"]>): number =>
  Math.min(mostPauseSeconds[kind], firstPauseSeconds[kind] * 2 ** (times - 1));
