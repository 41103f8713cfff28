// What a VM's status says: all fields that this function owns, computed from what was observed.
import { annotation, runStrategyOf, type VmStatus } from "@knvirt/api";
import type { Condition } from "@knvirt/kubernetes";
import { type Aspect, condition, findCondition } from "../runtime/conditions.ts";
import type { Observed } from "./observed.ts";
import { printableStatus } from "./printable-status.ts";
import { remainingRequests } from "./requests.ts";
import { startFailureOf } from "./start-failure.ts";

export interface Decided {
  stopping: boolean;
  failure: Aspect | undefined;
}

export function statusOf(observed: Observed, { stopping, failure }: Decided): VmStatus {
  const { vm, vmi, now } = observed;
  const startFailure = startFailureOf(vm, vmi, now);
  const requests = remainingRequests(observed);
  const isReady = findCondition(vmi?.status?.conditions, "Ready")?.status === "True";
  return {
    printableStatus: printableStatus({ ...observed, startFailure, stopping }),
    ...(vmi && { created: true }),
    ...(isReady && { ready: true }),
    ...((vmi || vm.status?.runStrategy) && { runStrategy: runStrategyOf(vm) }),
    ...generations(observed),
    ...(requests && { stateChangeRequests: requests }),
    ...(startFailure && { startFailure }),
    conditions: conditionsOf(observed, failure),
  };
}

/** They speak of the instance that exists or existed last. */
function generations({ vm, vmi }: Observed): Pick<VmStatus, "observedGeneration" | "desiredGeneration"> {
  const { observedGeneration, desiredGeneration } = vm.status ?? {};
  const madeFrom = Number(vmi?.metadata.annotations?.[annotation.vmGeneration]);
  const observed = Number.isInteger(madeFrom) ? madeFrom : observedGeneration;
  const desired = vmi ? vm.metadata.generation : desiredGeneration;
  return {
    ...(observed !== undefined && { observedGeneration: observed }),
    ...(desired !== undefined && { desiredGeneration: desired }),
  };
}

/** The instance's conditions are the VM's; without an instance the last ones stay, as clients know it. */
function conditionsOf({ vm, vmi, now }: Observed, failure: Aspect | undefined): Condition[] {
  const before = vm.status?.conditions;
  const shown = (vmi ? vmi.status?.conditions : before) ?? [];
  const mirrored = shown.filter(({ type }) => type !== "Ready" && type !== "Failure");
  const ready = findCondition(vmi?.status?.conditions, "Ready") ?? condition(before, notReady(vmi), now);
  return [ready, ...mirrored, ...(failure ? [condition(before, failure, now)] : [])];
}

const notReady = (vmi: Observed["vmi"]): Aspect => ({
  type: "Ready",
  status: "False",
  ...(vmi
    ? { reason: "VMIConditionMissing", message: "nobody has looked at the instance yet" }
    : { reason: "VMINotExists", message: "the instance does not exist" }),
});
