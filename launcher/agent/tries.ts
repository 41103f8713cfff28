// When a credential is brought into the guest again: at once when its Secret has changed, otherwise after some time, which
// grows while it fails, because the agent does nothing else meanwhile. Pure.

export interface Try {
  /** Of what was brought. */
  digest: string;
  atMs: number;
  /** Why it was not taken; undefined when it was. */
  failure: string | undefined;
  /** When it is tried again though nothing has changed. */
  pauseMs: number;
}

const [firstPauseMs, longestPauseMs] = [15_000, 300_000];

export const isDue = ({ digest: before, atMs, pauseMs }: Try, digest: string, nowMs: number): boolean =>
  digest !== before || nowMs - atMs >= pauseMs;

export function tried(before: Try | undefined, now: Omit<Try, "pauseMs">): Try {
  if (now.failure === undefined) return { ...now, pauseMs: longestPauseMs };
  const failedBefore = before?.failure !== undefined && before.digest === now.digest;
  return { ...now, pauseMs: failedBefore ? Math.min(longestPauseMs, before.pauseMs * 2) : firstPauseMs };
}
