// Whether the VM's instance should exist. Pure: no I/O, no clock, no log.
import {
  isBeingDeleted,
  isFinal,
  type RunStrategy,
  runStrategyOf,
  type VirtualMachine,
  type VirtualMachineInstance,
} from "@knvirt/api";
import { changeSpec, create, type Intent, normal, remove, requeue } from "../runtime/intents.ts";
import { secondsUntil } from "../runtime/waits.ts";
import { instanceOf } from "./instance.ts";
import type { Observed } from "./observed.ts";
import { isStopped, pausedStartRequested, startRequested, stopRequested } from "./requests.ts";
import { longestBackoffSeconds } from "./start-failure.ts";

/** Clocks of two nodes that are looked after differ by less. */
const clockSkewSeconds = 60;

/** One row per strategy: a strategy added to the API does not compile until it has a row here. */
const runStrategies: Record<RunStrategy, (observed: Observed) => Intent[]> = {
  Always: ({ vm, vmi, now }) => {
    if (!vmi) return startAfterBackoff(vm, now);
    return isFinal(vmi) || stopRequested(vm, vmi) ? stop(vm, vmi) : [];
  },
  RerunOnFailure: ({ vm, vmi, now }) => {
    if (vmi) return isFinal(vmi) || stopRequested(vm, vmi) ? stop(vm, vmi) : [];
    // Just created, or just switched to this strategy; who stopped it before that was told did so all the same.
    const isNew = vm.status?.runStrategy !== "RerunOnFailure" && !isStopped(vm);
    return isNew || startRequested(vm) ? startAfterBackoff(vm, now) : [];
  },
  Manual: ({ vm, vmi }) => {
    if (!vmi) return startRequested(vm) ? start(vm) : [];
    return stopRequested(vm, vmi) ? stop(vm, vmi) : [];
  },
  Halted: ({ vm, vmi }) => {
    if (vmi) return stop(vm, vmi);
    if (!pausedStartRequested(vm)) return [];
    return [changeSpec(vm, vm.spec.running === undefined ? { runStrategy: "Always" } : { running: true })];
  },
  Once: ({ vm, vmi }) => (vmi ? [] : start(vm)),
};

/** A strategy that this version does not know asks for nothing; the failure condition tells. */
export const applyRunStrategy = (observed: Observed): Intent[] =>
  runStrategies[runStrategyOf(observed.vm)]?.(observed) ?? [];

export const isKnownStrategy = (strategy: string): boolean => Object.hasOwn(runStrategies, strategy);

function startAfterBackoff(vm: VirtualMachine, now: Date): Intent[] {
  const retryAtMs = Date.parse(vm.status?.startFailure?.retryAfterTimestamp ?? "");
  const seconds = secondsUntil(retryAtMs, now, longestBackoffSeconds + clockSkewSeconds);
  return seconds > 0 ? [requeue(seconds)] : start(vm);
}

const start = (vm: VirtualMachine): Intent[] => [
  create(instanceOf(vm)),
  normal(vm, "SuccessfulCreate", `started the virtual machine by creating its instance ${vm.metadata.name}`),
];

function stop(vm: VirtualMachine, vmi: VirtualMachineInstance): Intent[] {
  if (isBeingDeleted(vmi)) return [];
  const message = `stopped the virtual machine by deleting its instance with uid ${vmi.metadata.uid}`;
  return [remove(vmi), normal(vm, "SuccessfulDelete", message)];
}
