// Our kinds, and what is asked of them, apart from their schemas: a process that only reads and writes objects is spared
// the time it takes to build those.
import { resource } from "@knvirt/kubernetes";
import type { KubeVirt } from "./kubevirt.ts";
import type { RunStrategy, VirtualMachine } from "./vm.ts";
import type { VirtualMachineInstance } from "./vmi.ts";

export const kubeVirts = resource<KubeVirt>("kubevirt.io/v1", "KubeVirt");
export const virtualMachines = resource<VirtualMachine>("kubevirt.io/v1", "VirtualMachine");
export const virtualMachineInstances = resource<VirtualMachineInstance>("kubevirt.io/v1", "VirtualMachineInstance");

/** The strategy in force; `running` is the older way to say it. */
export function runStrategyOf({ spec }: VirtualMachine): RunStrategy {
  return spec.runStrategy ?? (spec.running ? "Always" : "Halted");
}
