// Time as a process sees it: an argument wherever something waits, so that a simulation can stand in for it.

export interface Clock {
  /** What the wall says, which may jump. */
  now(): Date;
  /** Milliseconds of a clock that never goes back; only differences mean something. */
  elapsedMs(): number;
  /** Runs it once after so long, unless it is called off by what this answers. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Resolves after so long, or as soon as the signal says so. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      callOff();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const callOff = clock.after(milliseconds, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}
