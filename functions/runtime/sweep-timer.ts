// When to sweep, in a process that lives long: a pause between sweeps, so that a slow API server is not asked faster
// than it answers.
import type { Clock } from "@knvirt/kubernetes";
import { reasonOf } from "./errors.ts";
import type { Log } from "./log.ts";

export interface SweepingOptions {
  /** From the end of one sweep to the next; 0 for none at all. */
  seconds: number;
  sweep(): Promise<unknown>;
  log: Log;
  clock: Clock;
}

/** As a rule the API server is not up yet. */
const secondsAfterFailure = 5;

/** Answers how to stop it. */
export function startSweeping({ seconds, sweep, log, clock }: SweepingOptions): () => void {
  let callOff = (): void => undefined;
  let stopped = seconds <= 0;
  const next = (pauseSeconds: number): void => {
    if (!stopped) callOff = clock.after(pauseSeconds * 1000, () => void begin());
  };
  const begin = async (): Promise<void> => {
    try {
      await sweep();
      next(seconds);
    } catch (err) {
      log.error({ err, reason: reasonOf(err) }, "sweep failed");
      next(Math.min(seconds, secondsAfterFailure));
    }
  };
  next(0);
  return () => {
    stopped = true;
    callOff();
  };
}
