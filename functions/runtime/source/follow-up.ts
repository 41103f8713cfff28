// Sweeps functions that sleep: keeps the history of their changes and sweeps, and sweeps when that says so.
import type { Clock } from "@knvirt/kubernetes";
import { nextSweepAt, type SweepHistory, type Trouble } from "./sweep-schedule.ts";

/** What functions say of a sweep. */
export interface SweepAnswer {
  failures: number;
  /** That the functions worked on it; their start is no part of it. */
  seconds: number;
  /** Until the first object that waits is to be looked at again; left out when none waits. */
  lookAgainSeconds?: number;
}

export interface FollowUpOptions {
  sweep(): Promise<SweepAnswer>;
  onFailed(error: unknown): void;
  clock: Clock;
}

export interface FollowUp {
  /** Something was told to the functions, or should have been. */
  noteChange(): void;
  close(): void;
}

/** The first sweep begins at once. */
export function followUp({ sweep, onFailed, clock }: FollowUpOptions): FollowUp {
  const now = (): number => clock.elapsedMs() / 1000;
  let history: SweepHistory = { ended: undefined };
  let callOff = (): void => undefined;
  let state: "waits" | "sweeps" | "closed" = "waits";

  const arm = (): void => {
    if (state !== "waits") return;
    callOff();
    callOff = clock.after(Math.max(0, (nextSweepAt(history) - now()) * 1000), () => void begin());
  };
  const begin = async (): Promise<void> => {
    state = "sweeps";
    const { trouble, ...before } = history;
    history = { ended: before.ended };
    try {
      const answer = await sweep();
      history = afterAnswer({ ...history, ...(trouble && { trouble }) }, answer, now());
    } catch (error) {
      // What was told before is still to be made sure of.
      history = { ...before, ...history, trouble: oneMore(trouble, "unanswered") };
      if (!isClosed()) onFailed(error);
    }
    history.ended = now();
    if (isClosed()) return;
    state = "waits";
    arm();
  };
  const isClosed = (): boolean => state === "closed";

  arm();
  return {
    noteChange: () => {
      const last = now();
      history = { ...history, changes: { first: history.changes?.first ?? last, last } };
      arm();
    },
    close: () => {
      state = "closed";
      callOff();
    },
  };
}

function afterAnswer({ trouble, ...history }: SweepHistory, answer: SweepAnswer, now: number): SweepHistory {
  const { failures, lookAgainSeconds, seconds } = answer;
  return {
    ...history,
    took: seconds,
    ...(failures > 0 && { trouble: oneMore(trouble, "incomplete") }),
    ...(lookAgainSeconds !== undefined && { waitEnds: now + lookAgainSeconds }),
  };
}

const oneMore = (before: SweepHistory["trouble"], kind: Trouble): NonNullable<SweepHistory["trouble"]> => ({
  kind,
  times: before?.kind === kind ? before.times + 1 : 1,
});
