// Waiting in tests: for a condition, with a deadline, never for a time.
import { setTimeout as sleep } from "node:timers/promises";

/** What `look` answers as soon as it neither throws nor answers undefined or false. */
export async function eventually<T>(look: () => T | Promise<T>, withinMs = 10_000): Promise<Found<T>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await attempt(look);
    if ("value" in found) return found.value;
    if (Date.now() > deadline) throw found.error;
    await sleep(20);
  }
}

type Found<T> = Exclude<T, undefined | false>;

async function attempt<T>(look: () => T | Promise<T>): Promise<{ value: Found<T> } | { error: unknown }> {
  try {
    const value = await look();
    if (value === undefined || value === false) return { error: new Error(`still ${value}: ${look}`) };
    return { value: value as Found<T> };
  } catch (error) {
    return { error };
  }
}
