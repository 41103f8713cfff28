// For tests: what may happen to an event on its way.
import { setTimeout as sleep } from "node:timers/promises";

/** The share of events that meets each mishap, from 0 to 1. */
export interface Faults {
  drop: number;
  duplicate: number;
  /** Held back a moment, so that later ones overtake. */
  reorder: number;
  random(): number;
}

const noFaults: Faults = { drop: 0, duplicate: 0, reorder: 0, random: Math.random };
const longestReorderMs = 100;

export function withFaults<Event>(deliver: (event: Event) => void, given: Partial<Faults>): (event: Event) => void {
  const { drop, duplicate, reorder, random } = { ...noFaults, ...given };
  const emit = async (event: Event): Promise<void> => {
    if (random() < drop) return;
    if (random() < reorder) await sleep(random() * longestReorderMs);
    deliver(event);
    if (random() < duplicate) deliver(event);
  };
  return (event) => void emit(event);
}
