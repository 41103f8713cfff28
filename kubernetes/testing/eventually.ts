// Waiting in tests: for a condition, with a deadline, never for a time.
import { setTimeout as sleep } from "node:timers/promises";

export async function eventually(holds: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`still not after ${withinMs} ms: ${holds}`);
    await sleep(10);
  }
}
