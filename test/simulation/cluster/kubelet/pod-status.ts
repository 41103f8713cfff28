// The status of a pod in the kubelet's words, from what runs on its node. Pure.
import { isDeepStrictEqual } from "node:util";
import type { Condition, ContainerState, ContainerStatus, Pod, PodStatus } from "@knvirt/kubernetes";
import { qosClass } from "../../../../standalone/pod-runner/qos.ts";
import type { PodContainer } from "../pod-container.ts";

export interface PodFacts {
  /** Undefined when there is none, or none any more. */
  container: Pick<PodContainer, "startedAt" | "exit" | "isReady"> | undefined;
  /** Nothing of it will ever run here again. */
  isOver: boolean;
  hostIP: string;
  podIP: string;
  now: Date;
}

export function podStatus(pod: Pod, facts: PodFacts): PodStatus {
  const phase = phaseOf(pod, facts);
  const containerStatuses = pod.spec.containers.map((container) => containerStatus(pod, container, facts));
  const { hostIP, podIP, container, now } = facts;
  return {
    phase,
    conditions: conditions(pod, { phase, isReady: containerStatuses.every(({ ready }) => ready), facts }),
    containerStatuses,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(container && { podIP, podIPs: [{ ip: podIP }] }),
    startTime: pod.status?.startTime ?? seconds(now),
    qosClass: pod.status?.qosClass ?? qosClass(pod),
  };
}

/** Whether all that would be written is there. */
export const isWritten = (status: PodStatus, { status: present }: Pod): boolean =>
  present !== undefined &&
  Object.entries(status).every(([field, value]) => isDeepStrictEqual(value, present[field as keyof PodStatus]));

/** A final phase stays. */
function phaseOf({ status }: Pod, { container, isOver }: PodFacts): NonNullable<PodStatus["phase"]> {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return status.phase;
  if (container?.exit) return container.exit.exitCode === 0 ? "Succeeded" : "Failed";
  if (container) return "Running";
  return isOver ? "Failed" : "Pending";
}

function containerStatus(
  pod: Pod,
  { name, image = "" }: Pod["spec"]["containers"][number],
  facts: PodFacts,
): ContainerStatus {
  const { container } = facts;
  const isRunning = container !== undefined && container.exit === undefined;
  const present = pod.status?.containerStatuses?.find((status) => status.name === name);
  return {
    name,
    image,
    imageID: container ? `sha256:${image}` : (present?.imageID ?? ""),
    ready: isRunning && container.isReady,
    started: isRunning,
    restartCount: 0,
    state: stateOf(facts, present?.state),
    ...(container && { containerID: `containerd://${pod.metadata.uid}` }),
  };
}

function stateOf({ container, isOver }: PodFacts, present: ContainerState | undefined): ContainerState {
  if (!container) {
    if (!isOver) return { waiting: { reason: "ContainerCreating" } };
    return present?.terminated ? present : { terminated: notFound };
  }
  const startedAt = seconds(container.startedAt);
  if (!container.exit) return { running: { startedAt } };
  const { exitCode, reason, message, finishedAt } = container.exit;
  return {
    terminated: { exitCode, reason, ...(message && { message }), startedAt, finishedAt: seconds(finishedAt) },
  };
}

const notFound = {
  exitCode: 137,
  reason: "ContainerStatusUnknown",
  message: "The container could not be located when the pod was terminated",
};

interface Told {
  phase: PodStatus["phase"];
  isReady: boolean;
  facts: PodFacts;
}

function conditions(pod: Pod, { phase, isReady, facts: { container, now } }: Told): Condition[] {
  const readiness = isReady
    ? ({ status: "True" } as const)
    : { status: "False" as const, ...whyNotReady(pod, phase) };
  const own: Omit<Condition, "lastTransitionTime">[] = [
    { type: "PodReadyToStartContainers", status: container && !container.exit ? "True" : "False" },
    { type: "Initialized", status: "True", ...(phase === "Succeeded" && { reason: "PodCompleted" }) },
    { type: "Ready", ...readiness },
    { type: "ContainersReady", ...readiness },
    { type: "PodScheduled", status: "True" },
  ];
  const present = pod.status?.conditions ?? [];
  const others = present.filter(({ type }) => !own.some((condition) => condition.type === type));
  return [...own.map((condition) => withTransition(present, condition, now)), ...others];
}

function whyNotReady({ spec }: Pod, phase: PodStatus["phase"]): Pick<Condition, "reason" | "message"> {
  if (phase === "Succeeded") return { reason: "PodCompleted" };
  if (phase === "Failed") return { reason: "PodFailed" };
  const names = spec.containers.map(({ name }) => name).join(" ");
  return { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
}

/** What says the same already stays as it is. */
function withTransition(present: Condition[], wanted: Omit<Condition, "lastTransitionTime">, now: Date): Condition {
  const before = present.find(({ type }) => type === wanted.type);
  if (before?.status !== wanted.status) return { ...wanted, lastTransitionTime: seconds(now) };
  if (before.reason === wanted.reason && before.message === wanted.message) return before;
  return { ...wanted, ...(before.lastTransitionTime && { lastTransitionTime: before.lastTransitionTime }) };
}

/** Kubernetes' times end at seconds. */
const seconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");
