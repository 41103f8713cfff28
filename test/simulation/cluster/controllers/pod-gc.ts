// The pod garbage collector: removes pods whose node does not exist any more, and what else no kubelet will remove.
import { isNotFound, keyOf, type Node, nodes, type Pod, type PodStatus, pods } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Controller, Followed } from "./controller.ts";
import { outOfService } from "./node-taints.ts";
import { withCondition, writeStatus } from "./pod-writes.ts";

const [lookMs, quarantineMs] = [20_000, 40_000];

export function podGc(process: SimulatedProcess, followed: Followed): Controller {
  /** Nodes that pods are on and that are not there: since when. */
  const missingSinceMs = new Map<string, number>();
  const again = (): void =>
    void process.clock.after(lookMs, () => {
      collect(process, followed, missingSinceMs)
        .catch((error: unknown) => process.note(() => `pods are collected again: ${(error as Error).message}`))
        .finally(again);
    });
  return { synced: again };
}

async function collect(process: SimulatedProcess, followed: Followed, since: Map<string, number>): Promise<void> {
  for (const name of [...since.keys()]) if (followed.nodes.get(name)) since.delete(name);
  for (const pod of followed.pods.all()) {
    const { nodeName = "" } = pod.spec;
    const node = followed.nodes.get(nodeName);
    if (!nodeName || node) await collectEnding(process, pod, node);
    else await collectOrphan(process, pod, await isGone(process, nodeName, since));
  }
}

async function collectOrphan(process: SimulatedProcess, pod: Pod, isWithoutNode: boolean): Promise<void> {
  if (isWithoutNode) await failAndRemove(process, pod, { conditions: withCondition(process, pod, lost) });
}

async function collectEnding(process: SimulatedProcess, pod: Pod, node: Node | undefined): Promise<void> {
  const isEnding = pod.metadata.deletionTimestamp !== undefined;
  if (isEnding && (!node || isOutOfService(node))) await failAndRemove(process, pod, {});
}

/** Missing for a while, and still missing for who looks. */
async function isGone(
  { client, clock }: SimulatedProcess,
  name: string,
  missingSinceMs: Map<string, number>,
): Promise<boolean> {
  const nowMs = clock.elapsedMs();
  const sinceMs = missingSinceMs.get(name) ?? nowMs;
  missingSinceMs.set(name, sinceMs);
  return nowMs - sinceMs >= quarantineMs && !(await client.find(nodes, { name }));
}

const lost = {
  ...({ type: "DisruptionTarget", status: "True", reason: "DeletionByPodGC" } as const),
  message: "PodGC: node no longer exists",
};

const isOutOfService = ({ spec, status }: Node): boolean =>
  (spec?.taints ?? []).some(({ key }) => key === outOfService) &&
  !status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");

/** Whoever has the name then is meant, as upstream. */
async function failAndRemove(process: SimulatedProcess, pod: Pod, status: PodStatus): Promise<void> {
  const isFinal = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
  if (!isFinal && !(await writeStatus(process, pod, { ...status, phase: "Failed" }))) return;
  await process.client.delete(pods, keyOf(pod), { gracePeriodSeconds: 0 }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
