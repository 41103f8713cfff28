// Binds pods that have no node yet to one that takes them, the oldest first, and says why when none does.
import {
  type Change,
  inform,
  isConflict,
  isNotFound,
  keyOf,
  type Node,
  nodes,
  type Pod,
  pathOf,
  pods,
} from "@knvirt/kubernetes";
import { keyedQueue } from "../../../../node-executor/queue.ts";
import { misfits, unschedulableMessage } from "../../../../standalone/scheduler/fit.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import { withCondition, writeStatus } from "./pod-writes.ts";

const watchSeconds = 3600;
const everything = "all pods";

export function startScheduler(process: SimulatedProcess): void {
  const { client, clock } = process;
  /** Bindings answered but not seen on the watch yet: they count already. */
  const assumed = new Map<string, string>();
  /** Uids of pods that wait. */
  const waiting = new Set<string>();
  let isSynced = false;
  const queue = keyedQueue({
    run: async () => {
      if (isSynced) await round(process, { pods: podWatch.all(), nodes: nodeWatch.all(), assumed });
      return undefined;
    },
    onError: (error) => process.note(() => `pods are scheduled again: ${(error as Error).message}`),
    clock,
  });
  const look = (): void => {
    if (waiting.size > 0) queue.add(everything);
  };
  const podWatch = inform<Pod>(client, pods, {
    watchSeconds,
    clock,
    onChange: (change) => {
      if (change.type !== "deleted" && isWaiting(change.object)) waiting.add(uidOf(change.object));
      else waiting.delete(uidOf(change.object));
      if (isOfInterest(change)) look();
    },
  });
  const nodeWatch = inform<Node>(client, nodes, { watchSeconds, clock, onChange: () => look() });
  void Promise.all([podWatch.synced, nodeWatch.synced]).then(() => {
    isSynced = true;
    look();
  });
}

/** Others change nothing about where there is room. */
const isOfInterest = (change: Change<Pod>): boolean =>
  change.type !== "modified" || isWaiting(change.object) || hasEnded(change.object);

const hasEnded = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

const isWaiting = ({ metadata, spec, status }: Pod): boolean =>
  !spec.nodeName && metadata.deletionTimestamp === undefined && !hasEnded({ status } as Pod);

interface Seen {
  pods: Pod[];
  nodes: Node[];
  assumed: Map<string, string>;
}

const uidOf = ({ metadata: { uid = "" } }: Pod): string => uid;

async function round(process: SimulatedProcess, { pods: all, nodes: candidates, assumed }: Seen): Promise<void> {
  forgetSeen(all, assumed);
  const onNode = podsByNode(all, assumed);
  const waiting = all.filter((pod) => isWaiting(pod) && !assumed.has(uidOf(pod)));
  for (const pod of waiting.sort(oldestFirst)) {
    const decision = choose(pod, emptiestFirst(process, candidates, onNode), onNode);
    if ("message" in decision) await sayWhy(process, pod, decision.message);
    else if (await bind(process, pod, decision.node)) {
      assumed.set(uidOf(pod), decision.node);
      put(onNode, decision.node, pod);
    }
  }
}

/** Bindings that the watch has told of, or whose pod is gone. */
function forgetSeen(all: Pod[], assumed: Map<string, string>): void {
  if (assumed.size === 0) return;
  const open = new Set(all.flatMap((pod) => (pod.spec.nodeName ? [] : [uidOf(pod)])));
  for (const uid of [...assumed.keys()]) if (!open.has(uid)) assumed.delete(uid);
}

type OnNode = Map<string, Pod[]>;

function podsByNode(all: Pod[], assumed: Map<string, string>): OnNode {
  const onNode: OnNode = new Map();
  for (const pod of all) {
    const node = pod.spec.nodeName ?? assumed.get(uidOf(pod));
    if (node !== undefined) put(onNode, node, pod);
  }
  return onNode;
}

function put(onNode: OnNode, node: string, pod: Pod): void {
  const present = onNode.get(node);
  if (present) present.push(pod);
  else onNode.set(node, [pod]);
}

/** The first node that takes the pod, or why none does. */
function choose(pod: Pod, candidates: Node[], onNode: OnNode): { node: string } | { message: string } {
  const reasons: string[][] = [];
  for (const node of candidates) {
    const { name } = node.metadata;
    const why = misfits(pod, node, onNode.get(name) ?? []);
    if (why.length === 0) return { node: name };
    reasons.push(why);
  }
  return { message: unschedulableMessage(reasons) };
}

const oldestFirst = (one: Pod, other: Pod): number =>
  (one.metadata.creationTimestamp ?? "").localeCompare(other.metadata.creationTimestamp ?? "");

/** Of those that are alike chance takes one. */
function emptiestFirst({ random }: SimulatedProcess, candidates: Node[], onNode: OnNode): Node[] {
  const weighed = candidates.map((node) => ({
    node,
    weight: (onNode.get(node.metadata.name)?.length ?? 0) * 1000 + random.below(1000),
  }));
  return weighed.sort((one, other) => one.weight - other.weight).map(({ node }) => node);
}

/** False when the pod has changed meanwhile: the watch brings it again. */
async function bind({ client }: SimulatedProcess, pod: Pod, node: string): Promise<boolean> {
  const { name, namespace = "", uid } = pod.metadata;
  const target = { apiVersion: "v1", kind: "Node", name: node };
  const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace, uid }, target };
  try {
    await client.transport.call({ method: "POST", path: pathOf(pods, keyOf(pod), "binding"), body });
    return true;
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return false;
    throw error;
  }
}

async function sayWhy(process: SimulatedProcess, pod: Pod, message: string): Promise<void> {
  const present = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (present?.status === "False" && present.message === message) return;
  const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message } as const;
  await writeStatus(process, pod, { conditions: withCondition(process, pod, condition) });
}
