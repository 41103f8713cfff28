// Wishes to start or stop that others leave in the VM's status. They form a queue: only the first counts.
import {
  isBeingDeleted,
  isFinal,
  phaseOf,
  runStrategyOf,
  type StateChangeRequest,
  type VirtualMachine,
  type VirtualMachineInstance,
} from "@knvirt/api";
import type { Observed } from "./observed.ts";

const first = ({ status }: VirtualMachine): StateChangeRequest | undefined => status?.stateChangeRequests?.[0];

export const startRequested = (vm: VirtualMachine): boolean => first(vm)?.action === "Start";

/** Of a guest that is made and waits. */
export const pausedStartRequested = (vm: VirtualMachine): boolean => {
  const request = first(vm);
  return request !== undefined && isPausedStart(request);
};

/** A wish to stop names the instance it was meant for, so that it cannot hit the next one. */
export const stopRequested = (vm: VirtualMachine, { metadata: { uid } }: VirtualMachineInstance): boolean =>
  first(vm)?.action === "Stop" && uid !== undefined && first(vm)?.uid === uid;

/** The wish was meant for an instance that is gone: it is fulfilled, and nobody has told so yet. */
export const isStopped = (vm: VirtualMachine): boolean => first(vm)?.action === "Stop";

/** What is left of the queue: fulfilled and aimless wishes are gone, and a failed instance asks for the next one. What was
 * wished for before a VM was halted is not to start it again. Undefined when there never was a queue. */
export function remainingRequests({ vm, vmi }: Observed): StateChangeRequest[] | undefined {
  const queue = vm.status?.stateChangeRequests;
  const strategy = runStrategyOf(vm);
  if (strategy === "Halted") return queue && haltedRequests(queue, vmi);
  // It starts once, and acts on no wish: one from before it was switched to would stay, and hold up those that come later.
  if (strategy === "Once") return queue && [];
  const firstOpen = queue?.findIndex((request) => !isDone(request, { vm, vmi })) ?? -1;
  const remaining = firstOpen === -1 ? queue && [] : queue?.slice(firstOpen);
  return vmi && rerun(vm, vmi) ? [...(remaining ?? []), { action: "Start" }] : remaining;
}

/** Only a start that was asked for afterwards, for a guest that waits: it may be asked for as soon as the instance before
 * has ended. */
const haltedRequests = (
  queue: StateChangeRequest[],
  vmi: VirtualMachineInstance | undefined,
): StateChangeRequest[] => (vmi && !isFinal(vmi) ? [] : queue.filter(isPausedStart));

const isPausedStart = ({ action, data }: StateChangeRequest): boolean =>
  action === "Start" && data?.paused === "true";

function isDone({ action, uid }: StateChangeRequest, { vm, vmi }: Pick<Observed, "vm" | "vmi">): boolean {
  if (action === "Stop") return !vmi || uid === undefined || uid !== vmi.metadata.uid;
  if (!vmi) return false;
  // The instance before it is asked to stop first: what is there was started for this wish, even if nobody saw it live.
  if (runStrategyOf(vm) === "Manual") return true;
  return !isFinal(vmi) && !isBeingDeleted(vmi);
}

/** The wish is left once, just before the failed instance is deleted. */
function rerun(vm: VirtualMachine, vmi: VirtualMachineInstance): boolean {
  if (runStrategyOf(vm) !== "RerunOnFailure" || phaseOf(vmi) !== "Failed") return false;
  const isWished = vm.status?.stateChangeRequests?.some(({ action }) => action === "Start") ?? false;
  return !isBeingDeleted(vmi) && !isWished && !stopRequested(vm, vmi);
}
