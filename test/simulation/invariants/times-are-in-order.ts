// When the phases were reached is told once and in their order, as long as no clock was set.
import type { VirtualMachineInstance } from "@knvirt/api";
import { beginning } from "../engine/simulated-process.ts";
import { type Invariant, ofInstances } from "./invariant.ts";

type Stamps = NonNullable<NonNullable<VirtualMachineInstance["status"]>["phaseTransitionTimestamps"]>;

const order = ["Pending", "Scheduling", "Scheduled", "Running"];
const rank = (phase: string): number => (order.includes(phase) ? order.indexOf(phase) : order.length);

/** Kubernetes' own times have whole seconds. */
const toleranceMs = 1_000;

export const timesAreInOrder: Invariant = ({ broken }) => {
  let areClocksRight = true;
  return {
    clock: () => {
      areClocksRight = false;
    },
    write: ofInstances(({ object, was, is }, atMs) => {
      const [before, now] = [stampsOf(was), stampsOf(is)];
      if (before === now) return;
      const wrong = [...forgotten(before, now), ...(areClocksRight ? disorders(now, atMs) : [])];
      for (const text of wrong) broken(object, text);
    }),
  };
};

const stampsOf = (vmi: VirtualMachineInstance | undefined): Stamps => vmi?.status?.phaseTransitionTimestamps ?? [];

const forgotten = (before: Stamps, now: Stamps): string[] =>
  before
    .filter(
      ({ phase, phaseTransitionTimestamp: time }) =>
        !now.some((stamp) => stamp.phase === phase && stamp.phaseTransitionTimestamp === time),
    )
    .map(({ phase, phaseTransitionTimestamp: time }) => `says of ${phase} no longer that it was reached at ${time}`);

function disorders(stamps: Stamps, atMs: number): string[] {
  const sorted = stamps
    .map(({ phase, phaseTransitionTimestamp: time }) => ({ phase, ms: Date.parse(time) - beginning }))
    .toSorted((a, b) => rank(a.phase) - rank(b.phase));
  return sorted.flatMap(({ phase, ms }, index) => {
    const before = sorted[index - 1];
    if (before && ms + toleranceMs < before.ms)
      return [`reached ${phase} ${before.ms - ms} ms before ${before.phase}`];
    return ms > atMs + toleranceMs ? [`is to reach ${phase} ${ms - atMs} ms from now`] : [];
  });
}
