// An instance is said to be where a pod of its own was bound, and its active pods are its own.
import type { VmiStatus } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import { type Invariant, ofInstances } from "./invariant.ts";
import type { Entry } from "./register.ts";

export const placesAreTrue: Invariant = ({ register, broken }) => ({
  write: ofInstances(({ object, was, is }) => {
    const [before, now] = [was?.status ?? {}, is.status ?? {}];
    if (before.nodeName === now.nodeName && before.activePods === now.activePods) return;
    const own = register.podsOf(is.metadata.uid ?? "");
    for (const text of [...nodeIsWrong(before, now, own), ...podsThatAreWrong(now, own)]) broken(object, text);
  }),
});

function nodeIsWrong(before: VmiStatus, now: VmiStatus, own: readonly Entry<Pod>[]): string[] {
  const isThere = own.some(({ object, isGone }) => !isGone && object.spec.nodeName === now.nodeName);
  // A pod that was lost before it was told of may be told of late, when there is another one elsewhere.
  const mayMove = isThere && before.phase !== "Running";
  if (before.nodeName !== undefined && now.nodeName !== before.nodeName && !mayMove)
    return [`is said to have moved from ${before.nodeName} to ${now.nodeName}`];
  const isBound = now.nodeName === undefined || own.some(({ object }) => object.spec.nodeName === now.nodeName);
  return isBound ? [] : [`is said to be on ${now.nodeName}, where no pod of it was bound`];
}

const podsThatAreWrong = ({ activePods = {} }: VmiStatus, own: readonly Entry<Pod>[]): string[] =>
  Object.entries(activePods)
    .filter(([uid, node]) => !own.some((pod) => pod.uid === uid && pod.object.spec.nodeName === node))
    .map(([uid, node]) => `is said to have pod ${uid} on ${node}, which is not its own`);
