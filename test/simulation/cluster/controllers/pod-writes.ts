// How controllers write a part of a pod's status: decided on what they saw, and given up when it is another by now.
import { type Condition, isConflict, isNotFound, keyOf, type Pod, type PodStatus, pods } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";

/** Undefined when it is gone, or has changed: the watch brings it again. */
export async function writeStatus(
  { client }: SimulatedProcess,
  pod: Pod,
  status: PodStatus,
): Promise<Pod | undefined> {
  const { uid, resourceVersion } = pod.metadata;
  const patch = { metadata: { uid, resourceVersion }, status };
  try {
    return await client.mergePatch(pods, keyOf(pod), { patch, subresource: "status" });
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return undefined;
    throw error;
  }
}

export function withCondition(
  { clock }: SimulatedProcess,
  { status }: Pod,
  wanted: Omit<Condition, "lastTransitionTime">,
): Condition[] {
  const present = status?.conditions ?? [];
  const before = present.find(({ type }) => type === wanted.type);
  const since = before?.status === wanted.status ? before.lastTransitionTime : undefined;
  const lastTransitionTime =
    since ??
    clock
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, "Z");
  return [...present.filter(({ type }) => type !== wanted.type), { ...wanted, lastTransitionTime }];
}
