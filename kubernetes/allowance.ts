// How often something may happen: so many times at once, then one in so long. What is used up comes back with time.

export interface Rate {
  atOnce: number;
  oneInMs: number;
}

/** Of events about one object, as Kubernetes' own recorders have it. */
export const eventRate: Rate = { atOnce: 25, oneInMs: 300_000 };

/** Answers 0 when it may happen now, which then counts; else after how many milliseconds it may. */
export type Allowance = (key: string) => number;

/** `elapsedMs` is a clock's: what is used up comes back with the time that passes, whatever the wall says. */
export function allowance({ atOnce, oneInMs }: Rate, elapsedMs: () => number): Allowance {
  /** Until when each has used up what it has: in the past for those that may have all of it. */
  const usedUntil = new Map<string, number>();
  return (key) => {
    const at = elapsedMs();
    for (const [each, until] of usedUntil) if (until <= at) usedUntil.delete(each);
    const until = Math.max(at, usedUntil.get(key) ?? at) + oneInMs;
    const wait = Math.max(0, until - at - atOnce * oneInMs);
    if (wait === 0) usedUntil.set(key, until);
    return wait;
  };
}
