// The conditions of a VMI that this function owns: Ready until the guest runs, PodScheduled and Synchronized when False.
import { containerProblems, isLauncherProblem, nodeUnresponsive, type VirtualMachineInstance } from "@knvirt/api";
import type { Condition, Pod } from "@knvirt/kubernetes";
import { type Aspect, condition, findCondition } from "../runtime/conditions.ts";
import { endingOf } from "./ending.ts";
import { isUnreachable, launcherStateOf } from "./launcher.ts";
import type { Observed } from "./observed.ts";

export function conditionsOf(observed: Observed, problem: Aspect | undefined): Condition[] {
  const { vmi, now } = observed;
  const before = vmi.status?.conditions;
  const aspects = [notReady(observed), problem ?? containerProblem(observed)].filter(
    (aspect) => aspect !== undefined,
  );
  return [...aspects.map((aspect) => condition(before, aspect, now)), ...unscheduled(observed, problem)];
}

const waitingText = "the guest is not running yet";

function notReady(observed: Observed): Aspect {
  const { pod } = observed;
  const aspect = (reason: string, message: string): Aspect => ({ type: "Ready", status: "False", reason, message });
  const launcher = launcherStateOf(observed);
  const end = endingOf(observed);
  if (end) return aspect(launcher === "ended" ? "GuestNotRunning" : "PodNotExists", end.message);
  if (launcher === "absent" || launcher === "foreign") return aspect("PodNotExists", "there is no launcher pod yet");
  if (pod?.metadata.deletionTimestamp && launcher === "starting")
    return aspect("PodTerminating", "the launcher pod is being deleted");
  return aspect("GuestNotRunning", waitingText);
}

/** Said once, while nobody else says that the guest is not ready: an executor that still reaches us says it too. */
export function isNewlyUnreachable({ vmi, pod }: Observed): boolean {
  return isUnreachable(pod) && findCondition(vmi.status?.conditions, "Ready")?.status === "True";
}

export const unreachableAspect = ({ pod }: Observed): Aspect & { message: string } => ({
  type: "Ready",
  status: "False",
  reason: nodeUnresponsive,
  message: `node ${pod?.spec.nodeName ?? "of the launcher pod"} is not heard of: the guest may go on`,
});

/** The pod's own words: as a rule that no node has room or is selected. Without its claims a pod is not even made. */
function unscheduled(observed: Observed, problem: Aspect | undefined): Condition[] {
  if (problem?.reason === "FailedPvcNotFound") {
    const aspect: Aspect = { ...problem, type: "PodScheduled", reason: "Unschedulable" };
    return [condition(observed.vmi.status?.conditions, aspect, observed.now)];
  }
  const said = findCondition(observed.pod?.status?.conditions, "PodScheduled");
  if (launcherStateOf(observed) !== "starting" || said?.status !== "False") return [];
  const { type, status, reason, message, lastTransitionTime } = said;
  return [
    {
      type,
      status,
      ...(reason && { reason }),
      ...(message && { message }),
      ...(lastTransitionTime && { lastTransitionTime }),
    },
  ];
}

function containerProblem(observed: Observed): Aspect | undefined {
  if (launcherStateOf(observed) !== "starting") return undefined;
  const waiting = waitingFor(observed.pod).find(({ reason }) => containerProblems.includes(reason));
  return waiting && { type: "Synchronized", status: "False", ...waiting };
}

const waitingFor = (pod: Pod | undefined): { reason: string; message: string }[] =>
  [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])].flatMap(
    ({ name, state }) =>
      state?.waiting?.reason
        ? [{ reason: state.waiting.reason, message: state.waiting.message ?? `container ${name} cannot start` }]
        : [],
  );

/** What was said before the guest ran, and which nobody but this function takes away: conditions that are ours alone,
 * and words of ours in a Ready that the executor turned without giving its own. */
export function hasStale({ status }: VirtualMachineInstance): boolean {
  const synchronized = findCondition(status?.conditions, "Synchronized");
  const ready = findCondition(status?.conditions, "Ready");
  return (
    findCondition(status?.conditions, "PodScheduled")?.status === "False" ||
    (synchronized?.status === "False" && isLauncherProblem(synchronized.reason)) ||
    (ready?.status === "True" && (isOurs(ready.reason) || ready.message === waitingText))
  );
}

const isOurs = (reason: string | undefined): boolean => reason === "GuestNotRunning" || reason === "PodNotExists";
