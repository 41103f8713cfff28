// Where the objects of a VM are found: itself, its instance, and the pod of its launcher.
import { launcherPodName, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { type Key, pods, type Resource } from "@knvirt/kubernetes";
import type { Part } from "../plan/plan.ts";
import { namespace } from "./vm-objects.ts";

export const resourceOf: Record<Part, Resource> = {
  vm: virtualMachines,
  vmi: virtualMachineInstances,
  pod: pods,
};

export const keyOfPart = (vm: string, of: Part): Key => ({
  namespace,
  name: of === "pod" ? launcherPodName(vm) : vm,
});
