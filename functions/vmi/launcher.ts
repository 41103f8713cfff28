// How the launcher of a VMI is doing, as its pod tells.
import { label, launcherContainer, type VirtualMachineInstance } from "@knvirt/api";
import { type ContainerState, controllerOf, isControlledBy, type Pod } from "@knvirt/kubernetes";
import { findCondition } from "../runtime/conditions.ts";
import type { Observed } from "./observed.ts";

export type LauncherState =
  | "absent"
  | "foreign" // a pod of that name belongs to somebody else, perhaps to an earlier VMI
  | "starting"
  | "running" // from here the executor of its node writes the VMI's status
  | "ended";

export function launcherStateOf({ vmi, pod }: Pick<Observed, "vmi" | "pod">): LauncherState {
  if (!pod) return "absent";
  if (!isLauncherOf(pod, vmi)) return "foreign";
  const phase = pod.status?.phase ?? "Pending";
  if (phase === "Succeeded" || phase === "Failed" || computeState(pod)?.terminated) return "ended";
  return phase === "Pending" ? "starting" : "running";
}

/** Also when nobody controls it any more: who deletes an instance and asks to leave alone what it owns, or takes owner
 * references away, does not make its guest run on for ever, and in the way of the next one. */
const isLauncherOf = (pod: Pod, vmi: VirtualMachineInstance): boolean =>
  isControlledBy(pod, vmi) || (!controllerOf(pod) && pod.metadata.labels?.[label.createdBy] === vmi.metadata.uid);

export const computeState = (pod: Pod | undefined): ContainerState | undefined =>
  pod?.status?.containerStatuses?.find(({ name }) => name === launcherContainer)?.state;

/** Nobody has heard of the pod's node for a while: the node controller takes the pod's readiness back and leaves all else
 * as the kubelet said it last, which itself never calls a pod unready whose containers are ready. What runs there may
 * go on: unknown is not dead. */
export function isUnreachable(pod: Pod | undefined): boolean {
  const ready = findCondition(pod?.status?.conditions, "Ready");
  const containers = findCondition(pod?.status?.conditions, "ContainersReady");
  // A readiness gate that does not hold is told with a reason.
  return ready?.status === "False" && !ready.reason && containers?.status === "True";
}

/** The pod was declared failed by somebody else than its kubelet, which would have told how the container ended: as a
 * rule because the node does not exist any more or was declared out of service. */
export const isAbandoned = (pod: Pod | undefined): boolean =>
  pod?.status?.phase === "Failed" && computeState(pod)?.running !== undefined;
