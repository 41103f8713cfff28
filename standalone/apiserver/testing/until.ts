// Waits for what happens in the background, with a deadline.
import { setTimeout as sleep } from "node:timers/promises";

export async function until(holds: () => boolean | Promise<boolean>, what: string, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(10);
  }
}
