// The function vm: whether the instance of a virtual machine should exist, and what is told of it.
import { finalizer, isBeingDeleted, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { controllerOf, controllerReference, isControlledBy, persistentVolumeClaims } from "@knvirt/kubernetes";
import { type Aspect, findCondition } from "../runtime/conditions.ts";
import type { FunctionDefinition } from "../runtime/definition.ts";
import { addFinalizer, adopt, hasFinalizer, type Intent, remove, removeFinalizer } from "../runtime/intents.ts";
import { clock, listed, refusal, sameName, self } from "../runtime/reads.ts";
import { afterRefusal } from "../runtime/refusals.ts";
import { claimNames } from "./claims.ts";
import { failureOf, lastRefusal } from "./failure.ts";
import type { Observed } from "./observed.ts";
import { report } from "./report.ts";
import { applyRunStrategy } from "./run-strategy.ts";

export const vm: FunctionDefinition<Observed> = {
  name: "vm",
  primary: virtualMachines,
  reads: {
    vm: self(virtualMachines),
    vmi: sameName(virtualMachineInstances),
    claims: listed(persistentVolumeClaims, claimNames),
    now: clock,
    refusal,
  },
  writes: [
    {
      resource: virtualMachines,
      verbs: ["applyStatus", "addFinalizer", "removeFinalizer", "changeSpec"],
      events: true,
    },
    { resource: virtualMachineInstances, verbs: ["create", "delete", "adopt"] },
  ],
  reconcile,
};

export function reconcile(seen: Observed): Intent[] {
  const failure = failureOf(seen);
  const observed = { ...seen, vmi: isOurs(seen) ? seen.vmi : undefined };
  if (isBeingDeleted(seen.vm)) return finalize(observed, toldOfEnd(observed, failure));
  if (seen.vmi && isOrphan(seen)) return [...claim(seen), adopt(seen.vmi, controllerReference(seen.vm))];
  const actions = failure ? [] : applyRunStrategy(observed);
  const told = failure ?? (isWaiting(actions) ? lastRefusal(observed) : undefined);
  return [...claim(seen), ...report(observed, { failure: told, actions }), ...actions, ...afterRefusal(seen)];
}

const isWaiting = (actions: Intent[]): boolean => actions.some(({ verb }) => verb === "requeue");

/** Once: how its instance ends step by step is no news of a VM that goes with it. */
function toldOfEnd(observed: Observed, failure: Aspect | undefined): Intent[] {
  const { printableStatus, conditions } = observed.vm.status ?? {};
  const isTold = printableStatus === "Terminating" && !failure && !findCondition(conditions, "Failure");
  return isTold ? [] : report(observed, { failure, actions: [] });
}

/** Holds the VM back when it is deleted until its instance is gone. */
const claim = ({ vm }: Observed): Intent[] =>
  hasFinalizer(vm, finalizer.vm) ? [] : [addFinalizer(vm, finalizer.vm)];

/** An instance that nobody controls and that goes away already is waited for like our own. */
const isOurs = ({ vm, vmi }: Observed): boolean =>
  vmi !== undefined && (isControlledBy(vmi, vm) || (!controllerOf(vmi) && isBeingDeleted(vmi)));

const isOrphan = ({ vmi }: Observed): boolean => vmi !== undefined && !controllerOf(vmi) && !isBeingDeleted(vmi);

/** The finalizer by which `kubectl delete --cascade=orphan` asks to leave alone what the object owns. */
const orphanFinalizer = "orphan";

/** The instance goes first, then the VM; unless the instance is to outlive it. */
function finalize({ vm, vmi, refusal }: Observed, told: Intent[]): Intent[] {
  if (!hasFinalizer(vm, finalizer.vm)) return [];
  if (!vmi || hasFinalizer(vm, orphanFinalizer)) return [removeFinalizer(vm, finalizer.vm)];
  return isBeingDeleted(vmi) || refusal ? [...told, ...afterRefusal({ refusal })] : [...told, remove(vmi)];
}
