// Work by key: one at a time for each key, all keys side by side, so that a slow one delays only itself.
import { type Clock, systemClock } from "@knvirt/kubernetes";

export interface Queue {
  /** Soon, or after a while; what is asked for while it runs is done once more afterwards. */
  add(key: string, afterMs?: number): void;
  /** Resolves when nothing runs any more; nothing new is begun. */
  close(): Promise<void>;
}

export interface Work {
  /** Answers after how many milliseconds to come again, if at all. */
  run(key: string): Promise<number | undefined>;
  onError(error: unknown, key: string): void;
  clock?: Clock;
}

const longestPauseMs = 30_000;

interface Entry {
  running?: Promise<void>;
  again: boolean;
  callOff?: () => void;
  dueAt: number;
  failures: number;
}

export function keyedQueue({ run, onError, clock = systemClock }: Work): Queue {
  const entries = new Map<string, Entry>();
  let closed = false;
  const add = (key: string, afterMs = 0): void => {
    if (closed) return;
    const entry = entries.get(key) ?? { again: false, dueAt: Number.POSITIVE_INFINITY, failures: 0 };
    entries.set(key, entry);
    if (entry.running && afterMs === 0) entry.again = true;
    else schedule(key, entry, afterMs);
  };
  const schedule = (key: string, entry: Entry, afterMs: number): void => {
    const dueAt = clock.elapsedMs() + afterMs;
    if (dueAt >= entry.dueAt) return;
    entry.callOff?.();
    entry.dueAt = dueAt;
    entry.callOff = clock.after(afterMs, () => begin(key, entry));
  };
  const begin = (key: string, entry: Entry): void => {
    entry.dueAt = Number.POSITIVE_INFINITY;
    if (closed) return;
    if (entry.running) entry.again = true;
    else entry.running = once(key, entry);
  };
  const once = async (key: string, entry: Entry): Promise<void> => {
    const next = await attempt(key, entry);
    delete entry.running;
    if (entry.again) add(key);
    else if (next !== undefined) add(key, next);
    entry.again = false;
    if (entry.dueAt === Number.POSITIVE_INFINITY) entries.delete(key);
  };
  const attempt = async (key: string, entry: Entry): Promise<number | undefined> => {
    try {
      const next = await run(key);
      entry.failures = 0;
      return next;
    } catch (error) {
      onError(error, key);
      entry.failures += 1;
      return Math.min(longestPauseMs, 250 * 2 ** Math.min(entry.failures, 10));
    }
  };
  return {
    add,
    close: async () => {
      closed = true;
      for (const { callOff } of entries.values()) callOff?.();
      await Promise.all([...entries.values()].map(({ running }) => running));
    },
  };
}
