// Why the guest of an instance may be stopped, as those said who have a say: users and the cluster, never we. A cause is
// given to one incarnation; the next one needs its own.
import { runStrategyOf, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { keyOf, keyText, type Pod } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";
import { controllerOf, type Entry, type Register } from "./register.ts";
import { isOfCluster, isOurs } from "./users.ts";

export interface Causes {
  write(write: Write): void;
  /** Undefined when there is none. */
  of(vmiUid: string): string | undefined;
}

export function causesOf(register: Register): Causes {
  const causes = new Map<string, string>();
  const give = (uid: string | undefined, cause: string | undefined): void => {
    if (uid !== undefined && cause !== undefined && !causes.has(uid)) causes.set(uid, cause);
  };
  /** Of the VM, for the instance of its name. */
  const giveByVm = (vmi: Entry<VirtualMachineInstance> | undefined): void => {
    const vm = vmi && register.vms.named(vmi.key);
    if (vmi && vm && isFor(vm.object, vmi.object)) give(vmi.uid, causeInVm(vm.object, vmi.uid));
  };
  const ofKind: Record<string, (write: Write) => void> = {
    VirtualMachine: ({ after, key }) => {
      if (after) giveByVm(register.vmis.named(keyText(key)));
    },
    VirtualMachineInstance: ({ after, before, user, verb }) => {
      const object = (after ?? before) as VirtualMachineInstance;
      if (verb === "delete") give(object.metadata.uid, deletion(register, object, user));
      else if (after) giveByVm(register.vmis.get(object.metadata.uid));
    },
    Pod: ({ after, before, user, verb }) => {
      const object = (after ?? before) as Pod;
      const uid = controllerOf(object)?.uid;
      if (verb === "delete" && !isOurs(user)) give(uid, `pod ${keyText(keyOf(object))} is deleted by ${user}`);
    },
  };
  return { of: (vmiUid) => causes.get(vmiUid), write: (write) => ofKind[write.kind]?.(write) };
}

/** An instance that nobody controls is about to be adopted. */
function isFor(vm: VirtualMachine, vmi: VirtualMachineInstance): boolean {
  const controller = controllerOf(vmi);
  return !controller || controller.uid === vm.metadata.uid;
}

function causeInVm(vm: VirtualMachine, vmiUid: string): string | undefined {
  const isOrphaning = vm.metadata.finalizers?.includes("orphan") ?? false;
  if (vm.metadata.deletionTimestamp !== undefined && !isOrphaning) return "its VM is deleted";
  if (runStrategyOf(vm) === "Halted") return "its VM is Halted";
  const requests = vm.status?.stateChangeRequests ?? [];
  return requests.some(({ action, uid }) => action === "Stop" && uid === vmiUid)
    ? "its stop is requested"
    : undefined;
}

/** The cluster deletes what nobody owns any more. That we deleted it is no cause. */
function deletion(register: Register, vmi: VirtualMachineInstance, user: string): string | undefined {
  if (isOurs(user)) return undefined;
  const owner = register.vms.get(controllerOf(vmi)?.uid);
  if (isOfCluster(user) && owner && !owner.isGone && !owner.object.metadata.deletionTimestamp) return undefined;
  return `it is deleted by ${user}`;
}
