// Which phase a VMI is in, as far as this function says it, and when each was reached.
import { isFinal, phaseOf, type VirtualMachineInstance, type VmiPhase, withPhaseReached } from "@knvirt/api";
import { type Ending, endingOf } from "./ending.ts";
import { computeState, launcherStateOf } from "./launcher.ts";
import type { Observed } from "./observed.ts";

/** Undefined when it is not ours to say: final phases stay, and while the pod runs the executor speaks. */
export function nextPhase(observed: Observed, { isLaunched }: { isLaunched: boolean }): VmiPhase | undefined {
  const { vmi } = observed;
  const launcher = launcherStateOf(observed);
  if (isFinal(vmi) || launcher === "running") return undefined;
  const ending = endingOf(observed);
  if (ending) return ending.phase;
  const isEarly = phaseOf(vmi) === "Pending" || phaseOf(vmi) === "Scheduling";
  if (launcher === "starting") return isEarly ? "Scheduling" : undefined;
  return isLaunched ? "Scheduling" : "Pending";
}

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
