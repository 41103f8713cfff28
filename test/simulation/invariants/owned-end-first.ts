// What is owned ends before its owner is let go: a VM's instance before the VM, the launcher before its instance. An
// instance that became the VM's when that was to go already, as it was on its way, is left to the garbage collector.
import { isBeingDeleted, runStrategyOf, type VirtualMachine } from "@knvirt/api";
import { type KubernetesObject, keyText } from "@knvirt/kubernetes";
import type { Invariant } from "./invariant.ts";
import { controllerOf, isLauncherOf } from "./register.ts";
import { isOurs } from "./users.ts";

export const ownedEndFirst: Invariant = ({ register, broken }) => {
  /** Pods whose containers live, with the uid of their instance. */
  const live = new Map<string, string>();
  /** Uids of VMs that somebody deleted once so that what they own goes on, whatever he said later. */
  const orphaning = new Set<string | undefined>();
  /** Uids of instances that were made, or taken over, when their VM was to go already. */
  const late = new Set<string | undefined>();
  const noteOwner = (vmi: KubernetesObject, before: KubernetesObject | undefined): void => {
    const owner = controllerOf(vmi)?.uid;
    const vm = register.vms.get(owner);
    if (vm && isBeingDeleted(vm.object) && (!before || controllerOf(before)?.uid !== owner))
      late.add(vmi.metadata.uid);
  };
  const vmIsGone = (vm: VirtualMachine, key: string): void => {
    const vmi = register.vmis.named(key);
    if (
      !vmi ||
      late.has(vmi.uid) ||
      orphaning.has(vm.metadata.uid) ||
      controllerOf(vmi.object)?.uid !== vm.metadata.uid
    )
      return;
    broken(`VirtualMachine ${key}`, `is gone (${runStrategyOf(vm)}) before its instance ${vmi.uid}`);
  };
  const vmiIsGone = (uid: string, key: string): void => {
    const pod = [...live].find(([, vmi]) => vmi === uid)?.[0];
    const entry = register.pods.get(pod);
    // Who takes away a pod by force, or makes it somebody else's, answers for what goes on.
    const isLetGo = entry && (!isLauncherOf(entry.object, uid) || (entry.isGone && !isOurs(entry.deletedBy ?? "")));
    if (pod === undefined || isLetGo) return;
    broken(`VirtualMachineInstance ${key}`, `is gone while the launcher of pod ${pod} lives`);
  };
  const isGone: Record<string, (object: KubernetesObject, key: string) => void> = {
    VirtualMachine: (vm, key) => vmIsGone(vm as VirtualMachine, key),
    VirtualMachineInstance: (vmi, key) => vmiIsGone(vmi.metadata.uid ?? "", key),
  };
  return {
    container: ({ what, pod, vmi }) => {
      if (what === "starts") live.set(pod, vmi);
      else if (what === "ends" || what === "removed") live.delete(pod);
    },
    write: ({ kind, key, before, after }) => {
      const { finalizers, uid } = (after ?? before)?.metadata ?? {};
      if (kind === "VirtualMachineInstance" && after) noteOwner(after, before);
      if (finalizers?.includes("orphan")) orphaning.add(uid);
      if (!after && before) isGone[kind]?.(before, keyText(key));
    },
  };
};
