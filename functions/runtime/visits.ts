// Who works on a key: one worker at a time. Requests that arrive meanwhile share the next visit; a short wait is held.
import { setTimeout as sleep } from "node:timers/promises";
import { type Key, keyText } from "@knvirt/kubernetes";
import type { FunctionDefinition } from "./definition.ts";
import type { Outcome } from "./run.ts";

export interface Visits {
  /** Resolves with the number of writes when the key was visited, and its look-again too when that is soon. */
  visit(definition: FunctionDefinition, key: Key): Promise<number>;
  /** Visits a key after a pause unless somebody is with it. */
  visitLater(definition: FunctionDefinition, key: Key, seconds: number): void;
  /** Ends all waits; resolves when nobody works any more. */
  close(): Promise<void>;
}

export interface VisitOptions {
  run(definition: FunctionDefinition, key: Key): Promise<Outcome>;
  onError(error: unknown, definition: FunctionDefinition, key: Key): void;
  /** Keys worked on at once. */
  concurrency: number;
}

/** Longer waits are left to the sweep: what is waited for stands in the object's status. */
export const longestHeldSeconds = 30;

interface Entry {
  current: Promise<number>;
  next?: Promise<number>;
  /** Ends the wait that the current worker may be in. */
  wake: AbortController;
}

export function createVisits({ run, onError, concurrency }: VisitOptions): Visits {
  const entries = new Map<string, Entry>();
  const limited = limit(concurrency);
  let closed = false;

  /** Works on the key until nothing is left to do soon. A wait that is woken up ends it: the waker takes over. */
  async function work(visit: () => Promise<Outcome>, { signal }: AbortController, waitSeconds = 0): Promise<number> {
    let writes = 0;
    let seconds: number | undefined = waitSeconds;
    while (seconds !== undefined && seconds <= longestHeldSeconds) {
      if (seconds > 0) await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      if (seconds > 0 && signal.aborted) return writes;
      const outcome = await limited(visit);
      writes += outcome.writes;
      seconds = outcome.lookAgainSeconds;
    }
    return writes;
  }

  function begin(definition: FunctionDefinition, key: Key, waitSeconds?: number): Promise<number> {
    const id = `${definition.name} ${keyText(key)}`;
    const wake = new AbortController();
    const current = work(() => run(definition, key), wake, waitSeconds).finally(() => {
      if (entries.get(id) === entry && !entry.next) entries.delete(id);
    });
    const entry: Entry = { current, wake };
    entries.set(id, entry);
    return current;
  }

  const visit: Visits["visit"] = (definition, key) => {
    const entry = entries.get(`${definition.name} ${keyText(key)}`);
    if (!entry) return begin(definition, key);
    entry.wake.abort();
    const follow = () => begin(definition, key);
    entry.next ??= entry.current.then(follow, follow);
    return entry.next;
  };

  return {
    visit,
    visitLater: (definition, key, seconds) => {
      if (closed || entries.has(`${definition.name} ${keyText(key)}`)) return;
      begin(definition, key, seconds).catch((error) => onError(error, definition, key));
    },
    close: async () => {
      closed = true;
      while (entries.size > 0) {
        for (const { wake } of entries.values()) wake.abort();
        await Promise.allSettled([...entries.values()].map(({ current, next }) => next ?? current));
      }
    },
  };
}

/** Lets so many run at once; the others wait their turn. */
function limit(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running < most) running += 1;
    else await new Promise<void>((turn) => waiting.push(turn));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
