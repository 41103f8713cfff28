// The state of a VM in one word: the first row that holds.
import { isBeingDeleted, isFinal, isRunning, nodeUnresponsive, runStrategyOf, type VmStatus } from "@knvirt/api";
import { findCondition } from "../runtime/conditions.ts";
import { waitsForClaims } from "./claims.ts";
import type { Observed } from "./observed.ts";

export interface Facts extends Observed {
  startFailure: VmStatus["startFailure"];
  /** This very run deletes the instance. */
  stopping: boolean;
}

const rows: [word: string, holds: (facts: Facts) => boolean][] = [
  ["Terminating", ({ vm }) => isBeingDeleted(vm)],
  ["Stopping", ({ vmi, stopping }) => vmi !== undefined && !isFinal(vmi) && (stopping || isBeingDeleted(vmi))],
  // Its node is not heard of: the guest may go on.
  ["Unknown", (facts) => runs(facts) && says(facts, { type: "Ready", status: "False", reason: nodeUnresponsive })],
  ["Paused", (facts) => runs(facts) && says(facts, { type: "Paused", status: "True" })],
  ["Running", (facts) => runs(facts)],
  [
    "ErrorPvcNotFound",
    (facts) => says(facts, { type: "Synchronized", status: "False", reason: "FailedPvcNotFound" }),
  ],
  ["ErrorUnschedulable", (facts) => says(facts, { type: "PodScheduled", status: "False", reason: "Unschedulable" })],
  ["WaitingForVolumeBinding", waitsForClaims],
  ["ErrImagePull", (facts) => says(facts, { type: "Synchronized", status: "False", reason: "ErrImagePull" })],
  ["ImagePullBackOff", (facts) => says(facts, { type: "Synchronized", status: "False", reason: "ImagePullBackOff" })],
  ["Starting", ({ vmi }) => vmi !== undefined && !isFinal(vmi)],
  ["CrashLoopBackOff", (facts) => (facts.startFailure?.consecutiveFailCount ?? 0) > 0 && restarts(facts)],
  ["Stopped", () => true],
];

export const printableStatus = (facts: Facts): string => rows.find(([, holds]) => holds(facts))?.[0] ?? "Unknown";

const runs = ({ vmi }: Facts): boolean => vmi !== undefined && isRunning(vmi);

const restarts = ({ vm }: Facts): boolean => ["Always", "RerunOnFailure", "Once"].includes(runStrategyOf(vm));

function says({ vmi }: Facts, wanted: { type: string; status: string; reason?: string }): boolean {
  if (!vmi || isFinal(vmi)) return false;
  const said = findCondition(vmi.status?.conditions, wanted.type);
  return said?.status === wanted.status && (wanted.reason === undefined || said.reason === wanted.reason);
}
