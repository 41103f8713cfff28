// How the launcher pod of an instance is ended: with its own grace, or sooner when the instance is given less time.
import { graceSecondsOf, isBeingDeleted } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import { findCondition } from "../runtime/conditions.ts";
import { type Intent, remove, requeue } from "../runtime/intents.ts";
import { secondsUntil } from "../runtime/waits.ts";
import { extraGraceSeconds } from "./launcher-pod.ts";
import type { Observed } from "./observed.ts";

/** None at all would remove the pod before its containers have ended, and another guest could open its disks. */
const leastGraceSeconds = 1;

/** Six of its rounds. A collector that died does not go on when the node has come back meanwhile. */
const collectorPatienceSeconds = 2 * 60;

export function endPod({ vmi, pod, now }: Pick<Observed, "vmi" | "pod" | "now">): Intent[] {
  if (!pod) return [];
  const collected = secondsUntilCollected(pod, now);
  if (collected > 0) return [requeue(collected)];
  const asked = graceSecondsOf(vmi.spec);
  const isHurried = asked + extraGraceSeconds < (pod.spec.terminationGracePeriodSeconds ?? 0);
  if (!isHurried) return isBeingDeleted(pod) ? [] : [remove(pod)];
  const grace = Math.max(leastGraceSeconds, asked);
  const left = isBeingDeleted(pod) ? (pod.metadata.deletionGracePeriodSeconds ?? 0) : Infinity;
  return grace < left ? [remove(pod, grace)] : [];
}

/**
 * Kubernetes' garbage collector of pods calls one failed whose node is gone, and then deletes it by its name: whoever has
 * that name by then. If the name were free in between, that would be the next launcher, and by force: its guest would run
 * on while the one after it opens the same disks. So such a pod is left to it.
 */
function secondsUntilCollected(pod: Pod, now: Date): number {
  const mark = findCondition(pod.status?.conditions, "DisruptionTarget");
  if (mark?.reason !== "DeletionByPodGC") return 0;
  const untilMs = Date.parse(mark.lastTransitionTime ?? "") + collectorPatienceSeconds * 1000;
  return Math.ceil(secondsUntil(untilMs, now, 2 * collectorPatienceSeconds));
}
