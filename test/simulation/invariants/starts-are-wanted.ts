// An instance is made only when its VM called for one at some moment since the one before was gone: whoever decided long
// ago must not start again what was stopped meanwhile.
import { phaseOf, runStrategyOf, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";
import type { Invariant } from "./invariant.ts";
import { controllerOf } from "./register.ts";
import { isOurs } from "./users.ts";

export const startsAreWanted: Invariant = ({ register, broken }) => {
  /** Keys of VMs whose next instance was called for. */
  const wanted = new Set<string>();
  /** Names under which the last instance failed. */
  const failed = new Set<string>();
  /** VMs with a start in their queue that a user left there, or a failure. */
  const asked = new Set<string>();
  const look = (key: string): void => {
    const vm = register.vms.named(key)?.object;
    if (vm && !register.vmis.named(key) && callsForOne(vm, { hasFailed: failed.has(key), isAsked: asked.has(key) }))
      wanted.add(key);
  };
  const starts = ({ user, after }: Write, key: string): void => {
    const owner = after && register.vms.get(controllerOf(after)?.uid);
    if (isOurs(user) && owner?.key === key && !owner.isGone && !wanted.has(key))
      broken(`VirtualMachine ${key}`, `is started: it is ${runStrategyOf(owner.object)}, and nobody asked for it`);
    wanted.delete(key);
    failed.delete(key);
  };
  const forget = (key: string): void => {
    for (const names of [wanted, failed, asked]) names.delete(key);
  };
  const ofVm = ({ user, before, after }: Write, key: string): void => {
    if (!before) forget(key);
    const [was, is] = [before, after].map((vm) => startsIn(vm as VirtualMachine | undefined));
    if (!is) asked.delete(key);
    else if (!was && (!isOurs(user) || failed.has(key))) asked.add(key);
    look(key);
  };
  const ofVmi = (write: Write, key: string): void => {
    const { before, after } = write;
    if (after && phaseOf(after as VirtualMachineInstance) === "Failed") failed.add(key);
    if (!before) starts(write, key);
    else if (!after) look(key);
  };
  return {
    write: (write) => {
      if (write.kind === "VirtualMachine") ofVm(write, keyText(write.key));
      else if (write.kind === "VirtualMachineInstance") ofVmi(write, keyText(write.key));
    },
  };
};

const startsIn = (vm: VirtualMachine | undefined): boolean =>
  vm?.status?.stateChangeRequests?.some(({ action }) => action === "Start") ?? false;

/** Only what is beyond doubt is denied. A request counts when a user left it, or a failure did. */
function callsForOne(vm: VirtualMachine, { hasFailed, isAsked }: { hasFailed: boolean; isAsked: boolean }): boolean {
  const strategy = runStrategyOf(vm);
  const isRequested = isAsked && startsIn(vm);
  if (strategy === "Halted") return false;
  if (strategy === "Manual") return isRequested;
  return strategy !== "RerunOnFailure" || isRequested || hasFailed || vm.status?.runStrategy !== "RerunOnFailure";
}
