// Why the wish of a VM cannot be fulfilled: the condition Failure, present only while something is wrong.
import { runStrategyOf } from "@knvirt/api";
import { describeController, isControlledByOther } from "@knvirt/kubernetes";
import { type Aspect, findCondition } from "../runtime/conditions.ts";
import type { Observed } from "./observed.ts";
import { isKnownStrategy } from "./run-strategy.ts";

export function failureOf(observed: Observed): Aspect | undefined {
  const { vm, refusal } = observed;
  if (refusal) return failure(refusal.verb === "delete" ? "FailedDelete" : "FailedCreate", refusal.message);
  if (isForeign(observed)) return failure("FailedCreate", foreignText(observed));
  if (vm.spec.running !== undefined && vm.spec.runStrategy !== undefined)
    return failure("FailedCreate", "spec.running and spec.runStrategy are mutually exclusive: remove spec.running");
  const strategy = runStrategyOf(vm);
  if (isKnownStrategy(strategy)) return undefined;
  return failure("FailedCreate", `spec.runStrategy ${JSON.stringify(strategy)} is unknown`);
}

/**
 * Why the last create was refused: told until the next one is due. Where clocks differ somebody else may try sooner, and
 * would be contradicted each time.
 */
export function lastRefusal({ vm: { metadata, status } }: Observed): Aspect | undefined {
  const told = findCondition(status?.conditions, "Failure");
  const isOfThisSpec = status?.desiredGeneration === metadata.generation;
  return told?.reason === "FailedCreate" && isOfThisSpec ? failure(told.reason, told.message ?? "") : undefined;
}

const failure = (reason: string, message: string): Aspect => ({ type: "Failure", status: "True", reason, message });

const isForeign = ({ vm, vmi }: Observed): boolean => vmi !== undefined && isControlledByOther(vmi, vm);

const foreignText = ({ vmi }: Observed): string =>
  vmi
    ? `VirtualMachineInstance ${vmi.metadata.name} exists already and belongs to ${describeController(vmi)}: ` +
      "delete it or rename the virtual machine"
    : "";
