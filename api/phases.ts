// Questions about a VMI that several components ask.
import type { VirtualMachineInstance, VmiPhase } from "./vmi.ts";

/** A VMI nobody has looked at yet counts as Pending. */
export const phaseOf = ({ status }: VirtualMachineInstance): VmiPhase => status?.phase ?? "Pending";

export const isRunning = (vmi: VirtualMachineInstance): boolean => phaseOf(vmi) === "Running";

/** Succeeded or Failed: nothing leaves these. */
export const isFinal = (vmi: VirtualMachineInstance): boolean =>
  phaseOf(vmi) === "Succeeded" || phaseOf(vmi) === "Failed";

export const isBeingDeleted = ({ metadata }: { metadata: { deletionTimestamp?: string } }): boolean =>
  metadata.deletionTimestamp !== undefined;

/** The list with the phase in it, stamped when it was not there yet. */
export function withPhaseReached(
  reached: NonNullable<VirtualMachineInstance["status"]>["phaseTransitionTimestamps"],
  phase: VmiPhase,
  now: Date,
): NonNullable<typeof reached> {
  if (reached?.some((entry) => entry.phase === phase)) return reached;
  return [...(reached ?? []), { phase, phaseTransitionTimestamp: now.toISOString() }];
}
