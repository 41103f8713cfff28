// Failures in a row: when to try again, and which of them to tell of.
import { isNotFound } from "./errors.ts";

const [shortestPauseMs, longestPauseMs] = [100, 5_000];
/** A kind that is not known yet, as its definition is about to be made: asked for again soon, for three seconds. */
const quickTries = 30;

export interface Failures {
  /** Tells of the failure, unless it is the one told last. Answers the milliseconds to wait. */
  pauseAfter(error: unknown): number;
  /** The same for what is ordinary once and a failure only when it comes again and again. */
  pauseUntold(): number;
  /** It works again. */
  forget(): void;
}

export function failures(tell: (error: unknown) => void = () => undefined): Failures {
  let inRow = 0;
  let told: string | undefined;
  const doubled = (times: number): number => Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.min(times, 10));
  return {
    pauseAfter: (error) => {
      inRow += 1;
      if (told !== String(error)) tell(error);
      told = String(error);
      return doubled(isNotFound(error) ? Math.max(0, inRow - quickTries) : inRow - 1);
    },
    pauseUntold: () => {
      inRow += 1;
      return inRow === 1 ? 0 : doubled(inRow - 2);
    },
    forget: () => {
      inRow = 0;
      told = undefined;
    },
  };
}
