// How an instance ended is told as it was: Succeeded when its launcher ended with 0, Failed when it ended otherwise or is
// lost. What still runs and is still spoken for has not ended.
import { isFinal, phaseOf, type VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import { type Invariant, ofInstances } from "./invariant.ts";
import { isLauncherOf } from "./register.ts";

interface Container {
  isLive: boolean;
  exitCode?: number | undefined;
}

export const endsAreTrue: Invariant = ({ register, broken }) => {
  const containers = new Map<string, Container>();
  const untruth = (vmi: VirtualMachineInstance): string | undefined => {
    const pods = register.podsOf(vmi.metadata.uid ?? "");
    const present = pods.find((pod) => !pod.isGone && isLauncherOf(pod.object, vmi.metadata.uid ?? ""))?.object;
    const known = pods.map(({ uid }) => containers.get(uid)).filter((container) => container !== undefined);
    return phaseOf(vmi) === "Succeeded" ? notSucceeded(known) : notFailed(present, known);
  };
  return {
    container: ({ what, pod, exitCode }) => {
      if (what === "starts") containers.set(pod, { isLive: true });
      else if (what === "ends") containers.set(pod, { isLive: false, exitCode });
    },
    write: ofInstances(({ object, was, is }) => {
      if (!isFinal(is) || (was && isFinal(was))) return;
      const why = untruth(is);
      if (why) broken(object, `is called ${phaseOf(is)} ${why}`);
    }),
  };
};

const hasEndedWell = (containers: readonly Container[]): boolean => containers.some(({ exitCode }) => exitCode === 0);

const notSucceeded = (containers: readonly Container[]): string | undefined =>
  hasEndedWell(containers) ? undefined : "though no launcher of it ended with 0";

function notFailed(pod: Pod | undefined, containers: readonly Container[]): string | undefined {
  // Somebody declared it failed: as a rule because its node is lost.
  if (!pod || pod.status?.phase === "Failed") return undefined;
  if (containers.some(({ isLive }) => isLive)) return "though its launcher lives";
  return hasEndedWell(containers) ? "though its launcher ended with 0" : undefined;
}
