// What a VM's status says: all fields that this function owns, computed from what was observed.
import { isBeingDeleted, runStrategyOf, type VmStatus } from "@knvirt/api";
import type { Condition } from "@knvirt/kubernetes";
import { type Aspect, condition, findCondition } from "../runtime/conditions.ts";
import { generations } from "./generations.ts";
import type { Observed } from "./observed.ts";
import { printableStatus } from "./printable-status.ts";
import { isStopped, remainingRequests, stopRequested } from "./requests.ts";
import { restartRequired } from "./restart-required.ts";
import { startFailureOf } from "./start-failure.ts";

export interface Decided {
  stopping: boolean;
  failure: Aspect | undefined;
}

export function statusOf(observed: Observed, decided: Decided): VmStatus {
  const { vm, vmi, now } = observed;
  const startFailure = startFailureOf(vm, vmi, now);
  const requests = remainingRequests(observed);
  const isReady = findCondition(vmi?.status?.conditions, "Ready")?.status === "True";
  return {
    printableStatus: printableStatus({ ...observed, startFailure, stopping: decided.stopping }),
    ...(vmi && { created: true }),
    ...(isReady && { ready: true }),
    ...toldStrategy(observed),
    ...generations(observed),
    ...(requests && { stateChangeRequests: requests }),
    ...(startFailure && { startFailure }),
    conditions: conditionsOf(observed, decided),
  };
}

/** A VM that is switched to RerunOnFailure is started once; that is told when there is an instance, and not before, for
 * the one that is there may be going, and this process may end before it has made the next. A wish to stop that one is for
 * this strategy, too. */
function toldStrategy({ vm, vmi }: Observed): Pick<VmStatus, "runStrategy"> {
  const [strategy, told] = [runStrategyOf(vm), vm.status?.runStrategy];
  const isStarted = vmi ? !isBeingDeleted(vmi) || stopRequested(vm, vmi) : isStopped(vm);
  const isActedOn = strategy === "RerunOnFailure" ? isStarted : vmi || told;
  if (isActedOn) return { runStrategy: strategy };
  return told ? { runStrategy: told } : {};
}

/** What this function says of the VM itself. */
const own = new Set(["Ready", "Failure", "RestartRequired"]);

/** The instance's conditions are the VM's; without an instance the last ones stay, as clients know it. */
function conditionsOf(observed: Observed, { stopping, failure }: Decided): Condition[] {
  const { vm, vmi, now } = observed;
  const before = vm.status?.conditions;
  const shown = (vmi ? vmi.status?.conditions : before) ?? [];
  const mirrored = shown.filter(({ type }) => !own.has(type));
  const ready = findCondition(vmi?.status?.conditions, "Ready") ?? condition(before, notReady(vmi), now);
  const restart = stopping ? undefined : restartRequired(observed);
  const said = [restart, failure].filter((aspect) => aspect !== undefined);
  return [ready, ...mirrored, ...said.map((aspect) => condition(before, aspect, now))];
}

const notReady = (vmi: Observed["vmi"]): Aspect => ({
  type: "Ready",
  status: "False",
  ...(vmi
    ? { reason: "VMIConditionMissing", message: "nobody has looked at the instance yet" }
    : { reason: "VMINotExists", message: "the instance does not exist" }),
});
