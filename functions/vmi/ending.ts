// How a VMI ended, in which final phase and why.
import {
  launcherContainer,
  launcherExit,
  launcherPodName,
  nodeUnresponsive,
  phaseOf,
  type VmiPhase,
} from "@knvirt/api";
import { findCondition } from "../runtime/conditions.ts";
import { computeState, isAbandoned, launcherStateOf } from "./launcher.ts";
import type { Observed } from "./observed.ts";

export interface Ending {
  phase: Extract<VmiPhase, "Succeeded" | "Failed">;
  /** One word. */
  reason: string;
  message: string;
}

/** Undefined while the VMI goes on. A launcher that is gone is never made again: its guest's disks may be anywhere. */
export function endingOf(observed: Observed): Ending | undefined {
  const { vmi } = observed;
  const launcher = launcherStateOf(observed);
  if (launcher === "ended") return endOfPod(observed);
  if (launcher !== "absent" && launcher !== "foreign") return undefined;
  const pod = launcherPodName(vmi.metadata.name);
  if (phaseOf(vmi) !== "Pending")
    return { phase: "Failed", reason: "LauncherLost", message: `launcher pod ${pod} is gone` };
  if (vmi.metadata.deletionTimestamp === undefined) return undefined;
  return { phase: "Failed", reason: "Deleted", message: "the instance was deleted before it had a launcher pod" };
}

function endOfPod({ pod }: Observed): Ending {
  const { status } = pod ?? {};
  if (isAbandoned(pod)) {
    const why = findCondition(status?.conditions, "DisruptionTarget")?.message;
    return { phase: "Failed", reason: nodeUnresponsive, message: why || "the node of the launcher pod was lost" };
  }
  const end = computeState(pod)?.terminated;
  if (end?.exitCode === launcherExit.guestEnded || (!end && status?.phase === "Succeeded"))
    return { phase: "Succeeded", reason: "GuestEnded", message: end?.message || "the guest ended in order" };
  const exit = end ? `container ${launcherContainer} ended with exit code ${end.exitCode}` : "launcher pod failed";
  return {
    phase: "Failed",
    reason: status?.reason || tellingReason(end?.reason) || "LauncherFailed",
    message: end?.message || status?.message || exit,
  };
}

/** Of a container's reasons, those that say more than its exit code. */
const tellingReason = (reason: string | undefined): string | undefined =>
  reason === "Completed" || reason === "Error" ? undefined : reason;
