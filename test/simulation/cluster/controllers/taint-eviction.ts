// The taint eviction controller: deletes pods that bear their node's taints no longer.
import {
  type Change,
  isNotFound,
  type Key,
  type KubernetesObject,
  keyText,
  nodes,
  type Pod,
  pods,
} from "@knvirt/kubernetes";
import { keyedQueue } from "../../../../node-executor/queue.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Controller, Followed } from "./controller.ts";
import { toleratedSeconds } from "./node-taints.ts";
import { withCondition, writeStatus } from "./pod-writes.ts";

export function taintEviction(process: SimulatedProcess, followed: Followed): Controller {
  const { clock } = process;
  /** By uid: how to call it off. */
  const due = new Map<string, () => void>();
  const queue = keyedQueue({
    run: async (key) => {
      const [namespace = "", name = ""] = key.split("/");
      return evict(process, { namespace, name });
    },
    onError: (error, key) => process.note(() => `pod ${key} is evicted again: ${(error as Error).message}`),
    clock,
  });
  const callOff = (uid: string): void => {
    due.get(uid)?.();
    due.delete(uid);
  };
  const look = (pod: Pod): void => {
    const { uid = "", namespace = "", name } = pod.metadata;
    const seconds = secondsLeft(pod, followed);
    if (seconds === Number.POSITIVE_INFINITY) callOff(uid);
    else if (!due.has(uid))
      due.set(
        uid,
        clock.after(seconds * 1000, () => queue.add(keyText({ namespace, name }))),
      );
  };
  const podChanged = ({ type, object }: Change<KubernetesObject>): void => {
    if (type === "deleted") callOff(object.metadata.uid ?? "");
    else look(object as Pod);
  };
  const nodeChanged = ({ object: { metadata } }: Change<KubernetesObject>): void => {
    for (const pod of followed.pods.all()) if (pod.spec.nodeName === metadata.name) look(pod);
  };
  return {
    onChange: ({ kind }, change) => {
      if (kind === pods.kind) podChanged(change);
      else if (kind === nodes.kind) nodeChanged(change);
    },
    synced: () => {
      for (const pod of followed.pods.all()) look(pod);
    },
  };
}

function secondsLeft(pod: Pod, { nodes: known }: Followed): number {
  const node = pod.spec.nodeName === undefined ? undefined : known.get(pod.spec.nodeName);
  if (!node || pod.metadata.deletionTimestamp !== undefined) return Number.POSITIVE_INFINITY;
  return toleratedSeconds(pod, node);
}

/** Whoever has the name now is meant, as upstream. */
async function evict(process: SimulatedProcess, key: Required<Key>): Promise<number | undefined> {
  const pod = await process.client.find(pods, key);
  if (!pod) return undefined;
  const condition = {
    ...({ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" } as const),
    message: "Taint manager: deleting due to NoExecute taint",
  };
  if (!(await writeStatus(process, pod, { conditions: withCondition(process, pod, condition) }))) return 10;
  await process.client.delete(pods, key).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  return undefined;
}
