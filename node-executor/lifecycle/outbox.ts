// CloudEvents on their way to the sink: in order, one at a time, each until it is taken. What waits is bounded, and no
// guest takes another's place.
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { CloudEvent } from "./cloud-event.ts";
import type { Answer, Courier } from "./delivery.ts";

export interface Letter {
  event: CloudEvent;
  /** Whose place it takes. */
  podUid: string;
  sequence: number;
}

/** What became of events: sent, refused by the sink, given up after its errors, or dropped for lack of room. */
export type Fate = "sent" | "refused" | "failed" | "dropped";

export interface Outbox {
  add(letter: Letter): void;
  readonly counts: Readonly<Record<Fate, number>>;
  readonly waiting: number;
  /** What waits is told again by the launchers at the next start. */
  close(): void;
}

export interface OutboxOptions {
  courier: Courier;
  /** Asked before each attempt; events are let go where none is configured. */
  sink(): string | undefined;
  /** Before this nobody knows whether there is a sink. */
  ready: Promise<unknown>;
  onSettled(letter: Letter): void;
  log: Logger;
  limit?: number;
  firstPauseMs?: number;
}

/** One whose attempts end in errors of the sink holds up the others for no longer; a sink that is away holds up all. */
const mostFailures = 8;
const longestPauseMs = 30_000;

export function openOutbox(options: OutboxOptions): Outbox {
  const { onSettled, log, limit = 1_000 } = options;
  const counts: Record<Fate, number> = { sent: 0, refused: 0, failed: 0, dropped: 0 };
  const stop = new AbortController();
  const letters: Letter[] = [];
  let running = false;

  const settle = ({ event }: Letter, { fate, detail }: End): void => {
    if (fate) counts[fate] += 1;
    if (fate && fate !== "sent") log.warn({ id: event.id, fate, detail }, "a lifecycle event was not told");
  };
  const pump = async (): Promise<void> => {
    running = true;
    try {
      await options.ready;
      for (let letter = letters[0]; letter; letter = letters[0]) {
        const end = await deliver(options, letter, stop.signal);
        if (!end) return; // closed
        letters.shift();
        settle(letter, end);
        onSettled(letter);
      }
    } finally {
      running = false;
    }
  };
  return {
    counts,
    get waiting() {
      return letters.length;
    },
    add: (letter) => {
      letters.push(letter);
      if (letters.length > limit)
        settle(takeOldest(letters), { fate: "dropped", detail: `more than ${limit} events wait` });
      if (!running) void pump();
    },
    close: () => stop.abort(),
  };
}

/** Of the guest that has most of them; not the one under way. */
function takeOldest(letters: Letter[]): Letter {
  const waiting = letters.slice(1);
  const shares = new Map<string, number>();
  for (const { podUid } of waiting) shares.set(podUid, (shares.get(podUid) ?? 0) + 1);
  const most = Math.max(...shares.values());
  const index = letters.findIndex(({ podUid }, index) => index > 0 && shares.get(podUid) === most);
  return letters.splice(index, 1)[0] as Letter;
}

interface End {
  /** Undefined where there is no sink. */
  fate?: Fate;
  detail: string;
}

/** Undefined when closed meanwhile. */
async function deliver(options: OutboxOptions, { event }: Letter, signal: AbortSignal): Promise<End | undefined> {
  const { courier, sink, log, firstPauseMs = 200 } = options;
  const failures = { count: 0 };
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const url = sink();
    if (url === undefined) return { detail: "" };
    const answer = await courier.deliver(url, event);
    const fate = fateBy(answer, failures);
    if (fate) return { fate, detail: answer.detail };
    if (pauseMs === firstPauseMs) log.warn({ id: event.id, ...answer }, "a lifecycle event is sent again");
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Undefined for another attempt. */
function fateBy({ verdict }: Answer, failures: { count: number }): Fate | undefined {
  if (verdict === "sent" || verdict === "refused") return verdict;
  if (verdict === "failed") failures.count += 1;
  return failures.count === mostFailures ? "failed" : undefined;
}
