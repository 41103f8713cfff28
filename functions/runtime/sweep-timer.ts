// When to sweep, in a process that lives long: a pause between sweeps, so that a slow API server is not asked faster
// than it answers.
import { reasonOf } from "./errors.ts";
import type { Log } from "./log.ts";

/** As a rule the API server is not up yet. */
const secondsAfterFailure = 5;

/** Answers how to stop it. */
export function startSweeping(seconds: number, sweepAll: () => Promise<unknown>, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = seconds <= 0;
  const next = (pauseSeconds: number): void => {
    if (stopped) return;
    timer = setTimeout(async () => {
      try {
        await sweepAll();
        next(seconds);
      } catch (err) {
        log.error({ err, reason: reasonOf(err) }, "sweep failed");
        next(Math.min(seconds, secondsAfterFailure));
      }
    }, pauseSeconds * 1000);
  };
  next(0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
