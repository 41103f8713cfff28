// The status of an instance as its node knows it. Always whole: what it leaves out is taken away by the API server.
import {
  annotation,
  cpuTopologyOf,
  guestMemoryOf,
  launcherContainer,
  launcherUser,
  type VirtualMachineInstance,
  type VmiPhase,
  type VmiStatus,
  withPhaseReached,
} from "@knvirt/api";
import { formatBytes } from "@knvirt/kubernetes";
import type { DomainState } from "@knvirt/proto";
import type { Failure } from "../errors.ts";
import { agentConditions } from "./agent-conditions.ts";
import {
  notMigratableCondition,
  notRunningCondition,
  notSynchronizedCondition,
  type Observation,
  pausedConditions,
  readyCondition,
} from "./conditions.ts";
import { credentialsConditions } from "./credentials-condition.ts";
import { guestStatus } from "./guest-os.ts";
import { interfaceStatuses } from "./interfaces.ts";

interface OnNode extends Observation {
  node: string;
}

/** The guest runs, or did and is paused or shutting down now. */
export function runningStatus(observed: OnNode, domain: DomainState): VmiStatus {
  const { vmi } = observed;
  return {
    ...placement(observed, "Running", timeOf(domain.startedAt, observed.now)),
    conditions: [
      readyCondition(observed, domain),
      notMigratableCondition(observed),
      ...pausedConditions(observed, domain),
      ...agentConditions(observed, domain),
      ...credentialsConditions(observed, domain),
    ],
    interfaces: interfaceStatuses(observed, domain),
    ...guestStatus(domain),
    volumeStatus: volumeStatuses(vmi, domain),
    ...(domain.machine && { machine: { type: domain.machine } }),
    memory: memoryStatus(observed),
    currentCPUTopology: { ...cpuTopologyOf(vmi.spec) },
    runtimeUser: launcherUser,
  };
}

/** The pod runs, and its guest could not be started. */
export function failedStartStatus(observed: OnNode, failure: Failure): VmiStatus {
  return {
    ...placement(observed, "Scheduled", observed.now),
    conditions: [notRunningCondition(observed), notSynchronizedCondition(observed, failure)],
  };
}

function placement({ vmi, pod, node, now }: OnNode, phase: VmiPhase, reachedAt: Date): VmiStatus {
  const container = pod.status?.containerStatuses?.find(({ name }) => name === launcherContainer);
  const image = pod.spec.containers.find(({ name }) => name === launcherContainer)?.image;
  const scheduledAt = timeOf(container?.state?.running?.startedAt ?? pod.status?.startTime ?? "", now);
  const before = vmi.status?.phaseTransitionTimestamps?.filter((entry) => isOwnPhase(entry.phase));
  const scheduled = withPhaseReached(before, "Scheduled", scheduledAt);
  return {
    phase,
    nodeName: node,
    phaseTransitionTimestamps: phase === "Scheduled" ? scheduled : withPhaseReached(scheduled, phase, reachedAt),
    activePods: { [pod.metadata.uid ?? ""]: node },
    ...(pod.status?.qosClass && { qosClass: pod.status.qosClass }),
    ...(image && { launcherContainerImageVersion: image }),
  };
}

/** The phases in which the executor is the one that writes. */
const isOwnPhase = (phase: string): boolean => phase === "Scheduled" || phase === "Running";

function timeOf(text: string, otherwise: Date): Date {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? otherwise : time;
}

/** A launcher speaks of its own instance only: names that the spec does not have are left out. */
function volumeStatuses(
  { spec }: VirtualMachineInstance,
  { disks }: DomainState,
): { name: string; target: string }[] {
  const names = new Set((spec.volumes ?? []).map(({ name }) => name));
  return disks
    .filter(({ name, target }) => target !== "" && names.delete(name))
    .map(({ name, target }) => ({ name, target }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function memoryStatus({ vmi, pod }: OnNode): NonNullable<VmiStatus["memory"]> {
  const bytes = guestMemoryOf(vmi.spec);
  const guest = bytes === undefined ? undefined : formatBytes(bytes);
  const overhead = Number(pod.metadata.annotations?.[annotation.memoryOverheadBytes]);
  return {
    ...(guest && { guestAtBoot: guest, guestCurrent: guest, guestRequested: guest }),
    ...(overhead > 0 && { memoryOverhead: formatBytes(overhead) }),
  };
}
