// The status of an instance as its node knows it. Always whole: what it leaves out is taken away by the API server.
import {
  annotation,
  cpuTopologyOf,
  guestMemoryOf,
  type InterfaceStatus,
  interfacesOf,
  launcherContainer,
  launcherUser,
  type VirtualMachineInstance,
  type VmiPhase,
  type VmiStatus,
  withPhaseReached,
} from "@knvirt/api";
import { formatBytes, type Pod } from "@knvirt/kubernetes";
import type { DomainState } from "@knvirt/proto";
import type { Failure } from "../errors.ts";
import { podLinkName } from "../network/plan.ts";
import {
  notMigratableCondition,
  notRunningCondition,
  notSynchronizedCondition,
  type Observation,
  pausedConditions,
  readyCondition,
} from "./conditions.ts";

interface OnNode extends Observation {
  node: string;
}

/** The guest runs, or did and is paused or shutting down now. */
export function runningStatus(observed: OnNode, domain: DomainState): VmiStatus {
  const { vmi } = observed;
  return {
    ...placement(observed, "Running", timeOf(domain.startedAt, observed.now)),
    conditions: [readyCondition(observed), notMigratableCondition(observed), ...pausedConditions(observed, domain)],
    interfaces: interfaceStatuses(observed, domain),
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
  const scheduledAt = timeOf(container?.state?.running?.startedAt ?? pod.status?.startTime ?? "", now);
  const before = vmi.status?.phaseTransitionTimestamps?.filter((entry) => isOwnPhase(entry.phase));
  const scheduled = withPhaseReached(before, "Scheduled", scheduledAt);
  return {
    phase,
    nodeName: node,
    phaseTransitionTimestamps: phase === "Scheduled" ? scheduled : withPhaseReached(scheduled, phase, reachedAt),
    activePods: { [pod.metadata.uid ?? ""]: node },
    ...(pod.status?.qosClass && { qosClass: pod.status.qosClass }),
    ...(container?.image && { launcherContainerImageVersion: container.image }),
  };
}

/** The phases in which the executor is the one that writes. */
const isOwnPhase = (phase: string): boolean => phase === "Scheduled" || phase === "Running";

function timeOf(text: string, otherwise: Date): Date {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? otherwise : time;
}

/** A launcher speaks of its own instance only: names that the spec does not have are left out. */
function interfaceStatuses({ vmi, pod }: OnNode, { interfaces }: DomainState): InterfaceStatus[] {
  const names = new Set(interfacesOf(vmi.spec).map(({ name }) => name));
  const addresses = podAddresses(pod);
  const [ipAddress] = addresses;
  return interfaces
    .filter(({ name }) => names.delete(name))
    .map(({ name, mac }) => ({
      name,
      ...(ipAddress && { ipAddress, ipAddresses: addresses }),
      mac,
      podInterfaceName: podLinkName,
      infoSource: "domain",
      linkState: "up",
      queueCount: 1,
    }));
}

/** The guest sits behind the pod's IPv4 address; masquerade does not forward IPv6 yet. */
function podAddresses({ status }: Pod): string[] {
  const addresses = status?.podIPs?.map(({ ip }) => ip) ?? (status?.podIP ? [status.podIP] : []);
  return addresses.filter((address) => !address.includes(":"));
}

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
