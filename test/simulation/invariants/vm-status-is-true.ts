// What a VM's status says was so at some moment since the status was written last: nothing is shown that never was.
import { isBeingDeleted, isFinal, isRunning, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import type { Causes } from "./causes.ts";
import { hasCondition, type Invariant } from "./invariant.ts";
import { type Moment, momentsOf } from "./moments.ts";
import { controllerOf } from "./register.ts";

type Status = NonNullable<VirtualMachine["status"]>;
type Holds = (moment: Moment, told: { vm: VirtualMachine; causes: Causes }) => boolean;

const starts = (vmi: Moment): boolean => vmi !== undefined && !isFinal(vmi) && !isRunning(vmi);
const isStopped = (vmi: Moment): boolean => !vmi || isFinal(vmi);

const words: Record<string, Holds> = {
  Terminating: (_vmi, { vm }) => isBeingDeleted(vm),
  Stopping: (vmi, { causes }) =>
    vmi !== undefined && !isFinal(vmi) && (isBeingDeleted(vmi) || causes.of(vmi.metadata.uid ?? "") !== undefined),
  Stopped: isStopped,
  CrashLoopBackOff: (vmi, { vm }) => isStopped(vmi) && (vm.status?.startFailure?.consecutiveFailCount ?? 0) > 0,
  Running: (vmi) => vmi !== undefined && isRunning(vmi) && !isBeingDeleted(vmi),
  Paused: (vmi) => vmi !== undefined && isRunning(vmi) && hasCondition(vmi, "Paused", "True"),
  Unknown: (vmi) => vmi !== undefined && isRunning(vmi) && hasCondition(vmi, "Ready", "False"),
  ErrorUnschedulable: (vmi) => starts(vmi) && hasCondition(vmi, "PodScheduled", "False"),
  ErrorPvcNotFound: (vmi) => starts(vmi) && hasCondition(vmi, "Synchronized", "False"),
};

export const vmStatusIsTrue: Invariant = ({ causes, broken }) => {
  const moments = momentsOf();
  const judge = (vm: VirtualMachine, key: string, seen: readonly Moment[]): void => {
    const own = seen.map((vmi) => (vmi && isOf(vm, vmi) ? vmi : undefined));
    const untrue = untruths(vm, own, causes);
    for (const text of untrue) broken(`VirtualMachine ${key}`, `${text}: ${own.map(momentText).join(", ")}`);
  };
  return {
    write: (write) => {
      if (write.kind === "VirtualMachine" && write.manager === manager && write.after && write.before !== write.after)
        judge(write.after as VirtualMachine, keyText(write.key), moments.since(write));
      moments.note(write);
    },
  };
};

/** By which the function tells. */
const manager = "knvirt-vm";

/** One that nobody controls may be told of when it goes. */
const isOf = (vm: VirtualMachine, vmi: VirtualMachineInstance): boolean =>
  (controllerOf(vmi)?.uid ?? vm.metadata.uid) === vm.metadata.uid;

function untruths(vm: VirtualMachine, seen: readonly Moment[], causes: Causes): string[] {
  const { printableStatus = "Stopped", created, ready }: Status = vm.status ?? {};
  const holds = words[printableStatus] ?? starts;
  const was = (what: Holds): boolean => seen.some((moment) => what(moment, { vm, causes }));
  return [
    ...(was(holds) ? [] : [`is called ${printableStatus}, which it was at no moment since`]),
    ...(was((vmi) => (vmi !== undefined) === (created ?? false)) ? [] : [`is called created: ${created ?? false}`]),
    ...(was((vmi) => hasCondition(vmi, "Ready", "True") === (ready ?? false))
      ? []
      : [`is called ready: ${ready ?? false}`]),
  ];
}

const momentText = (vmi: Moment): string =>
  vmi ? `${vmi.status?.phase ?? "new"}${isBeingDeleted(vmi) ? " and to go" : ""}` : "none";
