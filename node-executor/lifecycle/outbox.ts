// CloudEvents on their way to the sink: those of a guest in order, one at a time, each until it is taken. What waits is
// bounded, and no guest takes another's place.
import { allowance, type Clock, pause } from "@knvirt/kubernetes";
import type { Log } from "../log.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { Answer, Courier } from "./delivery.ts";
import { turns } from "./turns.ts";

export interface Letter {
  event: CloudEvent;
  /** Whose place it takes. */
  podUid: string;
  sequence: number;
}

/** What became of events: sent, refused by the sink, given up after its errors, or dropped because there were too many. */
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
  log: Log;
  limit?: number;
  firstPauseMs?: number;
  clock: Clock;
}

/** One whose attempts end in errors of the sink holds up the others for no longer; a sink that is away holds up all. */
const mostFailures = 8;
const longestPauseMs = 30_000;
/** More than the kinds that a guest repeats once a second; its agent may come and go as often as the guest likes. */
const rate = { atOnce: 100, oneInMs: 200 };
/** What is lost is counted each time, and logged as often as somebody may read it. */
const complaintRate = { atOnce: 25, oneInMs: 60_000 };

export function openOutbox(options: OutboxOptions): Outbox {
  const { onSettled, limit = 1_000, clock } = options;
  const elapsedMs = (): number => clock.elapsedMs();
  const { counts, settle } = endings(options.log, elapsedMs);
  const stop = new AbortController();
  const letters = turns<Letter>();
  const wait = allowance(rate, elapsedMs);
  let underWay: Letter | undefined;

  const waiting = (): number => letters.size + (underWay ? 1 : 0);
  const pump = async (): Promise<void> => {
    await options.ready;
    for (; underWay; underWay = letters.next()) {
      const end = await deliver(options, underWay, stop.signal);
      if (!end) return; // closed
      settle(underWay, end);
      onSettled(underWay);
    }
  };
  return {
    counts,
    get waiting() {
      return waiting();
    },
    add: (letter) => {
      if (wait(letter.podUid) > 0)
        return settle(letter, tooMany(`a guest has more than ${1_000 / rate.oneInMs} a second`));
      letters.add(letter);
      const dropped = waiting() > limit ? letters.drop() : undefined;
      if (dropped) settle(dropped, tooMany(`more than ${limit} wait`));
      if (underWay) return;
      underWay = letters.next();
      void pump();
    },
    close: () => stop.abort(),
  };
}

/** Counts what became of events, and tells of those that nobody got. */
function endings(log: Log, elapsedMs: () => number) {
  const counts: Record<Fate, number> = { sent: 0, refused: 0, failed: 0, dropped: 0 };
  const waitToComplain = allowance(complaintRate, elapsedMs);
  const settle = ({ event }: Letter, { fate, detail }: End): void => {
    if (!fate) return;
    counts[fate] += 1;
    if (fate !== "sent" && waitToComplain(fate) === 0)
      log.warn({ id: event.id, detail, ...counts }, "a lifecycle event was not told");
  };
  return { counts, settle };
}

interface End {
  /** Undefined where there is no sink. */
  fate?: Fate;
  detail: string;
}

const tooMany = (detail: string): End => ({ fate: "dropped", detail });

/** Undefined when closed meanwhile. */
async function deliver(options: OutboxOptions, { event }: Letter, signal: AbortSignal): Promise<End | undefined> {
  const { courier, sink, log, clock, firstPauseMs = 200 } = options;
  const failures = { count: 0 };
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const url = sink();
    if (url === undefined) return { detail: "" };
    const answer = await courier.deliver(url, event);
    const fate = fateBy(answer, failures);
    if (fate) return { fate, detail: answer.detail };
    if (pauseMs === firstPauseMs) log.warn({ id: event.id, ...answer }, "a lifecycle event is sent again");
    await pause(clock, pauseMs, signal);
  }
  return undefined;
}

/** Undefined for another attempt. */
function fateBy({ verdict }: Answer, failures: { count: number }): Fate | undefined {
  if (verdict === "sent" || verdict === "refused") return verdict;
  if (verdict === "failed") failures.count += 1;
  return failures.count === mostFailures ? "failed" : undefined;
}
