// How the launcher pod of an instance is ended: with its own grace, or sooner when the instance is given less time.
import { graceSecondsOf, isBeingDeleted } from "@knvirt/api";
import { type Intent, remove } from "../runtime/intents.ts";
import { extraGraceSeconds } from "./launcher-pod.ts";
import type { Observed } from "./observed.ts";

/** None at all would remove the pod before its containers have ended, and another guest could open its disks. */
const leastGraceSeconds = 1;

export function endPod({ vmi, pod }: Pick<Observed, "vmi" | "pod">): Intent[] {
  if (!pod) return [];
  const asked = graceSecondsOf(vmi.spec);
  const isHurried = asked + extraGraceSeconds < (pod.spec.terminationGracePeriodSeconds ?? 0);
  if (!isHurried) return isBeingDeleted(pod) ? [] : [remove(pod)];
  const grace = Math.max(leastGraceSeconds, asked);
  const left = isBeingDeleted(pod) ? (pod.metadata.deletionGracePeriodSeconds ?? 0) : Infinity;
  return grace < left ? [remove(pod, grace)] : [];
}
