// The conditions of an instance that the executor owns while its pod runs.

import { isBeingDeleted, nodeUnresponsive, type VirtualMachineInstance } from "@knvirt/api";
import type { Condition, Pod } from "@knvirt/kubernetes";
import { DomainPhase, type DomainState } from "@knvirt/proto";
import type { Failure } from "../errors.ts";

/** Nobody else writes these while the pod runs; Ready was the control plane's before. */
export const ownConditionTypes: ReadonlySet<string> = new Set([
  "AccessCredentialsSynchronized",
  "AgentConnected",
  "AgentVersionNotSupported",
  "LiveMigratable",
  "Paused",
  "Synchronized",
]);

const readinessOf = ({ status }: Pod): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === "Ready");

export const isReady = (pod: Pod): boolean => readinessOf(pod)?.status === "True";

/** Such a pod is not ready before its guest has started. */
export const hasReadinessProbe = ({ spec }: Pod): boolean =>
  spec.containers.some(({ readinessProbe }) => readinessProbe !== undefined);

export interface Observation {
  vmi: VirtualMachineInstance;
  pod: Pod;
  /** Version of the pod that the status was last written from. */
  toldOfPod?: string | undefined;
  /** Whether the launcher answers just now. */
  isReachable?: boolean;
  now: Date;
}

/**
 * Copied from the pod once the guest runs. A paused guest serves nobody, whatever its pod says. That its node is not heard of
 * is not contradicted twice by the same word of the pod, which may be old where the node was cut off. While nobody on the
 * node says how the guest is, it does not become ready.
 */
export function readyCondition(
  { vmi, pod, toldOfPod, isReachable = true, now }: Observation,
  { phase }: DomainState,
): Condition {
  const readiness = readinessOf(pod);
  if (isBeingDeleted(pod)) return since(vmi, now, isFalse("Ready", "PodTerminating", "the launcher pod is ending"));
  if (phase === DomainPhase.DOMAIN_PHASE_PAUSED)
    return since(vmi, now, isFalse("Ready", "GuestNotRunning", "the guest is paused"));
  if (!readiness)
    return since(vmi, now, isFalse("Ready", "PodConditionMissing", "the launcher pod has no Ready condition"));
  const { status, reason, message, lastTransitionTime, lastProbeTime } = readiness;
  const before = vmi.status?.conditions?.find(({ type }) => type === "Ready");
  const isTold = toldOfPod !== undefined && pod.metadata.resourceVersion === toldOfPod;
  if (before?.reason === nodeUnresponsive && isTold) return before;
  if (before?.status === "False" && !isReachable && status === "True") return before;
  return {
    ...since(vmi, now, { type: "Ready", status }),
    ...overwrite("reason", reason, before?.reason),
    ...overwrite("message", message, before?.message),
    ...(lastProbeTime && { lastProbeTime }),
    ...(lastTransitionTime && { lastTransitionTime }),
  };
}

/** What the control plane said before the guest ran would stay where we say nothing. */
const overwrite = (field: "reason" | "message", text: string | undefined, before: string | undefined) =>
  text || before ? { [field]: text ?? "" } : {};

export const notRunningCondition = ({ vmi, now }: Observation): Condition =>
  since(vmi, now, isFalse("Ready", "GuestNotRunning", "the guest does not run yet"));

export const notMigratableCondition = ({ vmi, now }: Observation): Condition =>
  since(vmi, now, isFalse("LiveMigratable", "MigrationNotSupported", "live migration is not supported yet"));

export const notSynchronizedCondition = ({ vmi, now }: Observation, { reason, message }: Failure): Condition =>
  since(vmi, now, isFalse("Synchronized", reason, message));

/** Reasons as upstream spells them. */
const pauses: Record<string, Pick<Condition, "reason" | "message">> = {
  user: { reason: "PausedByUser", message: "the guest was paused by request" },
  ioError: { reason: "PausedIOError", message: "the guest was paused because a disk failed" },
};
const pausedBy = (reason: string) =>
  pauses[reason] ?? { reason: "Paused", message: `the guest was paused by the hypervisor: ${reason}` };

export function pausedConditions({ vmi, now }: Observation, { phase, reason }: DomainState): Condition[] {
  if (phase !== DomainPhase.DOMAIN_PHASE_PAUSED) return [];
  return [since(vmi, now, { type: "Paused", status: "True", ...pausedBy(reason) })];
}

const isFalse = (type: string, reason: string, message: string): Condition => ({
  type,
  status: "False",
  reason,
  message,
});

/** Keeps the time of a status that did not change. */
export function since({ status }: VirtualMachineInstance, now: Date, condition: Condition): Condition {
  const before = status?.conditions?.find(({ type }) => type === condition.type);
  const kept = before?.status === condition.status ? before.lastTransitionTime : undefined;
  return { ...condition, lastTransitionTime: kept ?? now.toISOString() };
}
