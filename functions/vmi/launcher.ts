// How the launcher of a VMI is doing, as its pod tells.
import { launcherContainer } from "@knvirt/api";
import type { ContainerState, Pod } from "@knvirt/kubernetes";
import { isControlledBy } from "../runtime/owners.ts";
import type { Observed } from "./observed.ts";

export type LauncherState =
  | "absent"
  | "foreign" // a pod of that name belongs to somebody else, perhaps to an earlier VMI
  | "starting"
  | "running" // from here the executor of its node writes the VMI's status
  | "ended";

export function launcherStateOf({ vmi, pod }: Pick<Observed, "vmi" | "pod">): LauncherState {
  if (!pod) return "absent";
  if (!isControlledBy(pod, vmi)) return "foreign";
  const phase = pod.status?.phase ?? "Pending";
  if (phase === "Succeeded" || phase === "Failed" || computeState(pod)?.terminated) return "ended";
  return phase === "Pending" ? "starting" : "running";
}

export const computeState = (pod: Pod | undefined): ContainerState | undefined =>
  pod?.status?.containerStatuses?.find(({ name }) => name === launcherContainer)?.state;
