// Binds pods that have no node yet: the oldest first, as long as they fit. Tried again whenever a pod or node changes.
import {
  type Client,
  type Condition,
  inform,
  isConflict,
  isNotFound,
  nodes,
  type Pod,
  pathOf,
  pods,
} from "@knvirt/kubernetes";
import type { Logger } from "pino";
import { choose } from "./fit.ts";

export interface Scheduler {
  stop(): Promise<void>;
}

const schedulerName = "default-scheduler";
const manager = "knvirt-scheduler";
const pauseMs = 1000;

export async function startScheduler({ client, log }: { client: Client; log: Logger }): Promise<Scheduler> {
  let wanted = false;
  let running: Promise<void> | undefined;
  let isStopping = false;
  const onError = (error: unknown) => log.warn({ error }, "pods or nodes cannot be watched");
  const onChange = () => {
    wanted = true;
    running ??= rounds().finally(() => {
      running = undefined;
    });
  };
  const podCache = inform(client, pods, { onChange, onError });
  const nodeCache = inform(client, nodes, { onChange, onError });
  /** Bindings answered but not yet seen on the watch: they count already. */
  const assumed = new Map<string, string>();

  const round = async (): Promise<void> => {
    const all = withAssumed(podCache.all(), assumed);
    for (const pod of all.filter(isWaiting).sort(oldestFirst)) {
      const decision = choose(pod, nodeCache.all(), withAssumed(podCache.all(), assumed));
      if ("node" in decision && (await bind(client, pod, decision.node))) assumed.set(uidOf(pod), decision.node);
      if ("message" in decision) await reportUnschedulable(client, pod, decision.message);
    }
  };
  const rounds = async (): Promise<void> => {
    while (wanted && !isStopping) {
      wanted = false;
      await round().catch((error: unknown) => {
        log.error({ error }, "pods cannot be scheduled");
        setTimeout(onChange, pauseMs).unref();
      });
    }
  };
  await Promise.all([podCache.synced, nodeCache.synced]);
  onChange();
  return {
    stop: async () => {
      isStopping = true;
      podCache.stop();
      nodeCache.stop();
      await running;
    },
  };
}

const uidOf = ({ metadata: { uid = "" } }: Pod): string => uid;

/** The pods as they are after our own bindings; those that the watch has shown need no assumption any more. */
function withAssumed(all: Pod[], assumed: Map<string, string>): Pod[] {
  const seen = new Set(all.map(uidOf));
  for (const uid of assumed.keys()) if (!seen.has(uid)) assumed.delete(uid);
  return all.map((pod) => {
    const nodeName = assumed.get(uidOf(pod));
    if (nodeName === undefined) return pod;
    if (pod.spec.nodeName) assumed.delete(uidOf(pod));
    return { ...pod, spec: { ...pod.spec, nodeName } };
  });
}

const isWaiting = ({ metadata, spec }: Pod): boolean =>
  !spec.nodeName &&
  metadata.deletionTimestamp === undefined &&
  (spec.schedulerName ?? schedulerName) === schedulerName;

const oldestFirst = (one: Pod, other: Pod): number =>
  (one.metadata.creationTimestamp ?? "").localeCompare(other.metadata.creationTimestamp ?? "");

/** False when the pod has changed meanwhile: the watch brings it again. */
async function bind(client: Client, pod: Pod, node: string): Promise<boolean> {
  const { name, namespace = "default", uid } = pod.metadata;
  const target = { apiVersion: "v1", kind: "Node", name: node };
  const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace, uid }, target };
  try {
    await client.transport.call({ method: "POST", path: pathOf(pods, { name, namespace }, "binding"), body });
    return true;
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return false;
    throw error;
  }
}

async function reportUnschedulable(client: Client, pod: Pod, message: string): Promise<void> {
  const { name, namespace = "default", uid } = pod.metadata;
  const present = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (present?.status === "False" && present.message === message) return;
  const since = present?.status === "False" ? present.lastTransitionTime : undefined;
  const condition: Condition = {
    ...{ type: "PodScheduled", status: "False", reason: "Unschedulable", message },
    lastTransitionTime: since ?? new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  };
  const metadata = { name, namespace, ...(uid !== undefined && { uid }) };
  const object = { apiVersion: "v1", kind: "Pod", metadata, status: { conditions: [condition] } };
  try {
    await client.apply(pods, object, { manager, force: true, subresource: "status" });
  } catch (error) {
    if (!isConflict(error) && !isNotFound(error)) throw error;
  }
}
