// Which phase a VMI is in, as far as this function says it, and when each was reached.
import {
  isBeingDeleted,
  isFinal,
  phaseOf,
  type VirtualMachineInstance,
  type VmiPhase,
  withPhaseReached,
} from "@knvirt/api";
import { findCondition } from "../runtime/conditions.ts";
import { type Ending, endingOf } from "./ending.ts";
import { computeState, launcherStateOf } from "./launcher.ts";
import type { Observed } from "./observed.ts";

/** Undefined when there is nothing to say, or it is not ours to say: final phases stay, and while the pod runs the
 * executor of its node speaks, as soon as we have said which node that is. */
export function nextPhase(observed: Observed): VmiPhase | undefined {
  const { vmi } = observed;
  const launcher = launcherStateOf(observed);
  if (isFinal(vmi)) return undefined;
  const ending = endingOf(observed);
  if (ending) return ending.phase;
  if (launcher !== "running" && launcher !== "starting") return "Pending";
  const isEarly = phaseOf(vmi) === "Pending" || phaseOf(vmi) === "Scheduling";
  const isOurs = launcher === "running" ? !hasNode(vmi) : !awaitsNode(observed);
  return isEarly && isOurs ? "Scheduling" : undefined;
}

/** Its executor speaks. */
const hasNode = ({ status }: VirtualMachineInstance): boolean => status?.nodeName !== undefined;

/** The scheduler has not looked at the pod yet: it takes some milliseconds. */
const awaitsNode = ({ pod }: Observed): boolean =>
  pod !== undefined &&
  pod.spec.nodeName === undefined &&
  !isBeingDeleted(pod) &&
  findCondition(pod.status?.conditions, "PodScheduled")?.status !== "False";

type Stamps = ReturnType<typeof withPhaseReached>;

/** With exact times where the pod knows them, so that a phase nobody wrote down in passing is told all the same. */
export function stampsOf(observed: Observed, phase: VmiPhase): Stamps {
  const { vmi, pod, now } = observed;
  const end = endingOf(observed);
  const reached: [VmiPhase, string | undefined][] = [
    ["Pending", vmi.metadata.creationTimestamp],
    ["Scheduling", phase === "Pending" ? undefined : (podCreation(observed) ?? stampedNow(phase, "Scheduling", now))],
    ["Scheduled", end && startOf(pod)],
    [phase, endOf(end, observed) ?? now.toISOString()],
  ];
  return reached.reduce<Stamps>(
    (stamps, [each, time]) => (time === undefined ? stamps : withPhaseReached(stamps, each, new Date(time))),
    vmi.status?.phaseTransitionTimestamps ?? [],
  );
}

const podCreation = (observed: Observed): string | undefined =>
  launcherStateOf(observed) === "foreign" ? undefined : observed.pod?.metadata.creationTimestamp;

const stampedNow = (phase: VmiPhase, wanted: VmiPhase, now: Date): string | undefined =>
  phase === wanted ? now.toISOString() : undefined;

function startOf(pod: Observed["pod"]): string | undefined {
  const state = computeState(pod);
  return state?.terminated?.startedAt ?? state?.running?.startedAt;
}

const endOf = (end: Ending | undefined, { pod }: Observed): string | undefined =>
  end && computeState(pod)?.terminated?.finishedAt;

export const stampsAsTheyAre = ({ status }: VirtualMachineInstance): Stamps =>
  status?.phaseTransitionTimestamps ?? [];
