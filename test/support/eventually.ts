// Waiting for a condition with a deadline: what every spec does instead of sleeping.
import { setTimeout as sleep } from "node:timers/promises";

export interface Deadline {
  seconds?: number;
  /** What is waited for, in words; part of the error. Without it the question itself is. */
  what?: string;
  /** Evidence for the error: objects, events, logs. */
  evidence?: () => Promise<string>;
}

const pollMs = 50;

/** Answers with the first value that is neither undefined nor false. Throws at the deadline, with the evidence. */
export async function eventually<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { seconds = 120, what = String(probe), evidence }: Deadline = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await answer(probe);
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s\n${(await evidence?.()) ?? ""}`);
    await sleep(pollMs);
  }
}

/** A server that is just being started again is one that has not answered yet. */
async function answer<T>(probe: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return await probe();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ECONNREFUSED" || code === "ECONNRESET" || code === "EPIPE") return undefined;
    throw error;
  }
}
