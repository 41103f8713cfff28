// Why no launcher pod can be made: the condition Synchronized, present only while it is False.
import { guestMemoryOf, launcherPodName } from "@knvirt/api";
import { describeController, type Pod } from "@knvirt/kubernetes";
import type { Aspect } from "../runtime/conditions.ts";
import { missingClaim } from "./claims.ts";
import { launcherStateOf } from "./launcher.ts";
import { launcherPod } from "./launcher-pod.ts";
import type { Observed } from "./observed.ts";

/** The pod to be made, or why there is none to be made. */
export type Plan = { pod: Pod } | { problem: Aspect } | { wait: true };

export function planOf(observed: Observed): Plan {
  const { vmi, pod, refusal } = observed;
  const name = launcherPodName(vmi.metadata.name);
  if (refusal) return { problem: failedCreate(refusal.message) };
  if (guestMemoryOf(vmi.spec) === undefined)
    return { problem: failedCreate("no memory requested: give spec.domain.memory.guest") };
  const missing = missingClaim(observed);
  if (!pod) return missing ? { problem: missing } : rendered(observed);
  if (launcherStateOf(observed) !== "foreign" || pod.metadata.deletionTimestamp) return { wait: true };
  return { problem: failedCreate(`pod ${name} exists already and belongs to ${describeController(pod)}: delete it`) };
}

/** A quantity may fit the API's pattern and still be none. */
function rendered(observed: Observed): Plan {
  try {
    return { pod: launcherPod(observed) };
  } catch (error) {
    return { problem: failedCreate((error as Error).message) };
  }
}

const failedCreate = (message: string): Aspect => ({
  type: "Synchronized",
  status: "False",
  reason: "FailedCreate",
  message,
});
