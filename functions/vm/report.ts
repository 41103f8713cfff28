// When a VM's status is written, and what people are told in events.
import type { VirtualMachineInstance } from "@knvirt/api";
import { type Aspect, isNews } from "../runtime/conditions.ts";
import { applyStatus, type Intent, requeue, warning } from "../runtime/intents.ts";
import type { Observed } from "./observed.ts";
import { statusOf } from "./status.ts";

export interface Actions {
  failure: Aspect | undefined;
  actions: Intent[];
}

/** A start is told together with the first status of the new instance: one write instead of three. A stop is told
 * before it is done, because what has to be remembered of the instance goes with it. */
export function report(observed: Observed, { failure, actions }: Actions): Intent[] {
  const { vm, vmi, now } = observed;
  if (actions.some(({ verb }) => verb === "create")) return [];
  if (vmi && !failure && secondsUntilTold(vmi, now) > 0) return [requeue(secondsUntilTold(vmi, now))];
  const stopping = actions.some(({ verb }) => verb === "delete");
  const told = applyStatus(vm, statusOf(observed, { stopping, failure }));
  if (!failure?.message || !isNews(vm.status?.conditions, failure)) return [told];
  return [told, warning(vm, failure.reason, failure.message)];
}

/** So long a new instance may be without a status of its own before the VM's status speaks of it. */
const untoldSeconds = 2;

const secondsUntilTold = ({ metadata, status }: VirtualMachineInstance, now: Date): number =>
  status?.phase || !metadata.creationTimestamp
    ? 0
    : untoldSeconds - (now.getTime() - Date.parse(metadata.creationTimestamp)) / 1000;
