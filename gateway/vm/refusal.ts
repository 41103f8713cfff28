// How a start, stop or restart is refused that does not fit the VM's state, in the words that tools look for.
import { isBeingDeleted, isFinal, phaseOf, type StateChangeRequest, type VirtualMachineInstance } from "@knvirt/api";
import { describeController } from "@knvirt/kubernetes";
import { GatewayError } from "../errors.ts";
import type { Seen } from "./change.ts";

export const conflict = ({ vm: { metadata } }: Seen, why: string): GatewayError =>
  new GatewayError(409, `virtualmachine ${metadata.namespace}/${metadata.name}: ${why}`);

/** The instance that is there and has not ended. */
export const liveInstance = ({ vmi }: Seen): Seen["vmi"] => (vmi && !isFinal(vmi) ? vmi : undefined);

export const isStarted = (seen: Seen): GatewayError | undefined => {
  if (seen.foreign) return conflict(seen, `VM cannot be started: ${foreignText(seen.foreign)}`);
  const vmi = liveInstance(seen);
  if (!vmi) return undefined;
  const how = isBeingDeleted(vmi) ? "stopping, start it when it is Stopped" : `${phaseOf(vmi)}, restart it instead`;
  return conflict(seen, `VM is already running: its instance is ${how}`);
};

export const isNotRunning = (seen: Seen): GatewayError => {
  const { vmi, foreign } = seen;
  const without = foreign ? foreignText(foreign) : "it has no instance";
  return conflict(seen, `VM is not running: ${vmi ? `its instance is ${phaseOf(vmi)}` : without}`);
};

const foreignText = (vmi: VirtualMachineInstance): string =>
  `the instance of its name belongs to ${describeController(vmi)}`;

/** Wishes form a queue that is not to grow: one to stop replaces all others, any other needs an empty one. */
export function queued(seen: Seen, wishes: StateChangeRequest[]): StateChangeRequest[] {
  const { stateChangeRequests: queue = [] } = seen.vm.status ?? {};
  const isStop = wishes.length === 1 && wishes[0]?.action === "Stop";
  if (isStop || queue.length === 0 || isSame(queue, wishes)) return wishes;
  const under = queue.map(({ action }) => action.toLowerCase()).join(" and ");
  throw conflict(seen, `stop/start already underway: ${under} is not done yet, try again in a moment`);
}

const isSame = (queue: StateChangeRequest[], wishes: StateChangeRequest[]): boolean =>
  queue.length === wishes.length &&
  wishes.every(({ action, uid }, index) => queue[index]?.action === action && queue[index]?.uid === uid);
