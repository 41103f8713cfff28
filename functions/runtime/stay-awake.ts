// Knative ends a process that has no requests. While a key waits for its time, the process keeps one request of its own
// to its Service: the autoscaler sees it, and the wait ends here instead of at a sweep minutes later.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Visits } from "./visits.ts";

export interface Wakefulness {
  /** Resolves after so many seconds, or when this process is about to end. */
  stayAwake(seconds: number): Promise<void>;
  close(): void;
}

export interface WakefulnessOptions {
  visits: Pick<Visits, "lastDue">;
  /** Of our own Service; undefined where nobody ends idle processes. */
  url: string | undefined;
  /** How often keys that wait are looked for. Shorter waits end before Knative looks for idle processes: its window is
   * six seconds at least. */
  lookEveryMs?: number;
  onError(error: unknown): void;
}

/** One request lasts no longer: Knative cuts those of five minutes. The next one goes on from there. */
const longestRequestSeconds = 240;
export function keepAwake({ visits, url, lookEveryMs = 4_000, onError }: WakefulnessOptions): Wakefulness {
  const closed = new AbortController();
  const { signal } = closed;
  let isHeld = false;
  const hold = async (target: string): Promise<void> => {
    const due = visits.lastDue();
    if (isHeld || due === undefined) return;
    isHeld = true;
    const seconds = Math.min(longestRequestSeconds, Math.ceil((due - performance.now()) / 1000));
    await ask(`${target}?seconds=${Math.max(1, seconds)}`, signal).catch(onError);
    isHeld = false;
  };
  const timer = url === undefined ? undefined : setInterval(() => void hold(url), lookEveryMs).unref();
  return {
    stayAwake: (seconds) => pause(Math.min(Math.max(seconds, 0), longestRequestSeconds) || 0, signal),
    close: () => {
      clearInterval(timer);
      closed.abort();
    },
  };
}

/** Ended early without an error. */
const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);

function ask(url: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", signal }, (incoming) => {
      incoming.resume();
      incoming.on("end", resolve);
      if ((incoming.statusCode ?? 500) >= 300) reject(new Error(`${url} answered ${incoming.statusCode}`));
    });
    outgoing.on("error", (error) => (signal.aborted ? resolve() : reject(error)));
    outgoing.end();
  });
}
