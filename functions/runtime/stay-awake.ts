// Knative ends a process that has no requests. While a key waits for its time, the process keeps one request of its own
// to its Service: the autoscaler sees it, and the wait ends here instead of at a sweep minutes later.
import { request } from "node:http";
import { type Clock, pause } from "@knvirt/kubernetes";
import type { Visits } from "./visits.ts";

export interface Wakefulness {
  /** Resolves after so many seconds, or when this process is about to end. */
  stayAwake(seconds: number): Promise<void>;
  close(): void;
}

/** Sends a request to our own Service that is answered after so long; resolves with the answer, or when broken off. */
export type AskItself = (seconds: number, signal: AbortSignal) => Promise<void>;

export interface WakefulnessOptions {
  visits: Pick<Visits, "lastDue">;
  /** Undefined where nobody ends idle processes. */
  askItself: AskItself | undefined;
  /** How often keys that wait are looked for. Shorter waits end before Knative looks for idle processes: its window is
   * six seconds at least. */
  lookEveryMs?: number;
  onError(error: unknown): void;
  clock: Clock;
}

/** One request lasts no longer: Knative cuts those of five minutes. The next one goes on from there. */
const longestRequestSeconds = 240;

export function keepAwake(options: WakefulnessOptions): Wakefulness {
  const { visits, askItself, lookEveryMs = 4_000, onError, clock } = options;
  const closed = new AbortController();
  const { signal } = closed;
  let isHeld = false;
  const hold = async (ask: AskItself): Promise<void> => {
    const due = visits.lastDue();
    if (isHeld || due === undefined) return;
    isHeld = true;
    const seconds = Math.min(longestRequestSeconds, Math.ceil((due - clock.elapsedMs()) / 1000));
    await ask(Math.max(1, seconds), signal).catch(onError);
    isHeld = false;
  };
  const lookLater = (ask: AskItself): (() => void) =>
    clock.after(lookEveryMs, () => {
      callOff = lookLater(ask);
      void hold(ask);
    });
  let callOff = askItself && lookLater(askItself);
  return {
    stayAwake: (seconds) => pause(clock, (Math.min(Math.max(seconds, 0), longestRequestSeconds) || 0) * 1000, signal),
    close: () => {
      callOff?.();
      closed.abort();
    },
  };
}

/** Where the Service is asked for it. */
export const askAt =
  (url: string): AskItself =>
  (seconds, signal) =>
    new Promise((resolve, reject) => {
      const outgoing = request(`${url}?seconds=${seconds}`, { method: "POST", signal }, (incoming) => {
        incoming.resume();
        incoming.on("end", resolve);
        if ((incoming.statusCode ?? 500) >= 300) reject(new Error(`${url} answered ${incoming.statusCode}`));
      });
      outgoing.on("error", (error) => (signal.aborted ? resolve() : reject(error)));
      outgoing.end();
    });
