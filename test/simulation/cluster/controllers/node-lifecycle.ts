// The node life-cycle controller: a node that is not heard of is called unknown, its pods not ready, and it is tainted, unless
// none is heard of: then it is more likely that the fault is here.
import { isConflict, isNotFound, type Node, nodes, type Pod, pods } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Controller, Followed, Heartbeats } from "./controller.ts";
import { sameTaints, type Taint, taintsOf } from "./node-taints.ts";

/** All as of Kubernetes 1.36. */
const [monitorMs, graceMs, taintOneInMs] = [5_000, 50_000, 10_000];
const partialDisruption = { moreThan: 2, share: 0.55 };

interface State {
  /** When each node was heard of last, as clock.elapsedMs() has it. */
  heardMs: Map<string, number>;
  wasReached: boolean;
  isFullyDisrupted: boolean;
  taintedMs: number;
  /** Nodes whose pods could not all be called not ready. */
  toRetry: Set<string>;
}

interface Parts {
  process: SimulatedProcess;
  followed: Followed;
  heartbeats: Heartbeats;
  state: State;
}

export function nodeLifecycle(process: SimulatedProcess, followed: Followed, heartbeats: Heartbeats): Controller {
  const state: State = {
    ...{ heardMs: new Map(), wasReached: true, isFullyDisrupted: false, toRetry: new Set() },
    taintedMs: Number.NEGATIVE_INFINITY,
  };
  const parts: Parts = { process, followed, heartbeats, state };
  const again = (): void =>
    void process.clock.after(monitorMs, () => {
      monitor(parts)
        .catch((error: unknown) => process.note(() => `nodes are looked at again: ${(error as Error).message}`))
        .finally(again);
    });
  return { synced: again };
}

const readyOf = ({ status }: Node): string =>
  status?.conditions?.find(({ type }) => type === "Ready")?.status ?? "Unknown";

async function monitor(parts: Parts): Promise<void> {
  const { process, followed, heartbeats, state } = parts;
  const isReached = heartbeats.isReached();
  listen(parts, isReached);
  state.wasReached = isReached;
  const seen: Node[] = [];
  for (const node of followed.nodes.all()) {
    const silentMs = process.clock.elapsedMs() - (state.heardMs.get(node.metadata.name) ?? 0);
    seen.push(await judge(parts, node, silentMs > graceMs));
  }
  noteDisruption(parts, seen);
  for (const node of seen) await taint(parts, node, seen);
}

/** Of leases that are renewed every ten seconds, about half are in the five seconds after a connection came back. */
function listen({ process, followed, heartbeats, state }: Parts, isReached: boolean): void {
  const nowMs = process.clock.elapsedMs();
  for (const { metadata } of followed.nodes.all()) {
    const isHeard =
      isReached && heartbeats.isHeard(metadata.name) && (state.wasReached || process.random.chance(0.5));
    if (isHeard || !state.heardMs.has(metadata.name)) state.heardMs.set(metadata.name, nowMs);
  }
}

async function judge(parts: Parts, node: Node, isSilent: boolean): Promise<Node> {
  const { state } = parts;
  const { name } = node.metadata;
  const wasReady = readyOf(node) === "True";
  const judged = isSilent && readyOf(node) !== "Unknown" ? await callUnknown(parts, node) : node;
  const isReady = readyOf(judged) === "True";
  if (isReady) state.toRetry.delete(name);
  else if (wasReady || state.toRetry.has(name)) {
    state.toRetry.add(name);
    if (await callPodsNotReady(parts, name)) state.toRetry.delete(name);
  }
  return judged;
}

async function callUnknown({ process }: Parts, node: Node): Promise<Node> {
  const others = (node.status?.conditions ?? []).filter(({ type }) => type !== "Ready");
  const unknown = {
    ...({ type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" } as const),
    message: "Kubelet stopped posting node status.",
    lastTransitionTime: stamp(process),
  };
  const status = { ...node.status, conditions: [...others, unknown] };
  return (await unlessChanged(() => process.client.replace<Node>(nodes, { ...node, status }, "status"))) ?? node;
}

/** All else that their kubelet said stays. Answers whether that is done. */
async function callPodsNotReady({ process, followed }: Parts, node: string): Promise<boolean> {
  let isDone = true;
  for (const pod of followed.pods.all().filter(({ spec }) => spec.nodeName === node)) {
    const isReady = pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status !== "False");
    if (isReady && !(await unlessChanged(() => callNotReady(process, pod)))) isDone = false;
  }
  return isDone;
}

function callNotReady(process: SimulatedProcess, pod: Pod): Promise<Pod> {
  const conditions = (pod.status?.conditions ?? []).map((condition) =>
    condition.type === "Ready"
      ? { ...condition, status: "False" as const, lastTransitionTime: stamp(process) }
      : condition,
  );
  return process.client.replace<Pod>(pods, { ...pod, status: { ...pod.status, conditions } }, "status");
}

function noteDisruption({ process, state }: Parts, seen: Node[]): void {
  const isDisrupted = seen.length > 0 && seen.every((node) => readyOf(node) !== "True");
  if (state.isFullyDisrupted && !isDisrupted)
    for (const { metadata } of seen) state.heardMs.set(metadata.name, process.clock.elapsedMs());
  state.isFullyDisrupted = isDisrupted;
}

async function taint(parts: Parts, node: Node, seen: Node[]): Promise<void> {
  const { process, state } = parts;
  const ready = readyOf(node);
  const present: Taint[] = node.spec?.taints ?? [];
  if (ready === "True" && present.length === 0 && !node.spec?.unschedulable) return;
  const wanted = taintsOf(node, { ready, mayExecute: mayTaint(parts, seen), now: stamp(process) });
  if (state.isFullyDisrupted && ready !== "True") removeExecutions(wanted);
  if (sameTaints(present, wanted)) return;
  if (executions(wanted) > executions(present)) state.taintedMs = process.clock.elapsedMs();
  const { uid, resourceVersion, name } = node.metadata;
  const patch = { metadata: { uid, resourceVersion }, spec: { taints: wanted.length > 0 ? wanted : null } };
  await unlessChanged(() => process.client.mergePatch(nodes, { name }, { patch }));
}

const executions = (taints: Taint[]): number => taints.filter(({ effect }) => effect === "NoExecute").length;

function removeExecutions(taints: Taint[]): void {
  for (let index = taints.length - 1; index >= 0; index--)
    if (taints[index]?.effect === "NoExecute" && taints[index]?.key.startsWith("node.kubernetes.io/un"))
      taints.splice(index, 1);
}

/** One node at a time, and none at all where most are not heard of. */
function mayTaint({ process, state }: Parts, seen: Node[]): boolean {
  const lost = seen.filter((node) => readyOf(node) !== "True").length;
  const isPartlyDisrupted = lost > partialDisruption.moreThan && lost / seen.length >= partialDisruption.share;
  const isInTurn = process.clock.elapsedMs() - state.taintedMs >= taintOneInMs;
  return isInTurn && !isPartlyDisrupted && !state.isFullyDisrupted;
}

const stamp = ({ clock }: SimulatedProcess): string =>
  clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");

/** Undefined when the object has changed meanwhile, or is gone: the next look decides again. */
async function unlessChanged<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return undefined;
    throw error;
  }
}
