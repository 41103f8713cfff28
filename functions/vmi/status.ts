// What a VMI's status says where this function writes it: before the launcher pod runs, and after it has ended.
import {
  annotation,
  cpuTopologyOf,
  guestMemoryOf,
  launcherContainer,
  launcherUser,
  phaseOf,
  type VmiPhase,
  type VmiStatus,
} from "@knvirt/api";
import { formatBytes, type Pod } from "@knvirt/kubernetes";
import { type Aspect, condition } from "../runtime/conditions.ts";
import { volumeFacts } from "./claims.ts";
import { conditionsOf, unreachableAspect } from "./conditions.ts";
import { endingOf } from "./ending.ts";
import { launcherStateOf } from "./launcher.ts";
import type { Observed } from "./observed.ts";
import { memoryOverheadOf } from "./overhead.ts";
import { stampsAsTheyAre, stampsOf } from "./phase.ts";

export function statusOf(observed: Observed, phase: VmiPhase, problem: Aspect | undefined): VmiStatus {
  const end = endingOf(observed);
  return {
    ...(isLaunched(observed, phase) && factsOf(observed)),
    phase,
    phaseTransitionTimestamps: stampsOf(observed, phase),
    ...(end && { reason: end.reason }),
    conditions: conditionsOf(observed, problem),
  };
}

/** Before that nothing is known to be sound: a quantity in the spec may be none. */
const isLaunched = ({ vmi }: Observed, phase: VmiPhase): boolean =>
  phase === "Scheduling" || phaseOf(vmi) !== "Pending";

/** What is left of our status once the guest runs: phase and conditions are the executor's then. */
export const statusBesideExecutor = (observed: Observed): VmiStatus => ({
  ...factsOf(observed),
  phaseTransitionTimestamps: stampsAsTheyAre(observed.vmi),
});

/** The executor cannot say this: it is out of reach too. */
export const statusWhileUnreachable = (observed: Observed): VmiStatus => ({
  ...statusBesideExecutor(observed),
  conditions: [condition(observed.vmi.status?.conditions, unreachableAspect(observed), observed.now)],
});

/** What follows from the spec and the pod and does not change. From the node's name follows which executor may write. */
function factsOf(observed: Observed): VmiStatus {
  const { vmi, pod } = observed;
  const memory = memoryOf(observed);
  const volumes = volumeFacts(observed);
  const own = launcherStateOf(observed) === "foreign" ? undefined : pod;
  // A pod that was lost before it was told of may still be told of, late, when there is another one elsewhere.
  const nodeName = own?.spec.nodeName ?? vmi.status?.nodeName;
  return {
    ...(nodeName !== undefined && { nodeName }),
    ...(own && podFacts(own)),
    ...(volumes.length > 0 && { volumeStatus: volumes }),
    currentCPUTopology: cpuTopologyOf(vmi.spec),
    ...(memory && { memory }),
    runtimeUser: launcherUser,
  };
}

function podFacts({ metadata, spec, status }: Pod): VmiStatus {
  const image = spec.containers.find(({ name }) => name === launcherContainer)?.image;
  return {
    ...(spec.nodeName && { activePods: { [metadata.uid ?? ""]: spec.nodeName } }),
    ...(status?.qosClass && { qosClass: status.qosClass }),
    ...(image && { launcherContainerImageVersion: image }),
  };
}

function memoryOf({ vmi, pod, kubevirt }: Observed): VmiStatus["memory"] {
  const guest = guestMemoryOf(vmi.spec);
  if (guest === undefined) return undefined;
  const ofPod = pod?.metadata.annotations?.[annotation.memoryOverheadBytes];
  const overhead = ofPod === undefined ? memoryOverheadOf(vmi, kubevirt) : Number(ofPod);
  const told = vmi.status?.memory?.memoryOverhead;
  return {
    guestRequested: formatBytes(guest),
    memoryOverhead: told === undefined ? formatBytes(overhead) : String(told),
  };
}
