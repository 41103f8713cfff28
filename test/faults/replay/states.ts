// What has become of a VM, told only where all that is of it agrees.
import {
  isRunning,
  launcherPodName,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import { type KubernetesObject, keyOf, type Pod, pods, type Resource } from "@knvirt/kubernetes";
import { instanceAt } from "../../../standalone/pod-runner/index.ts";
import { eventually } from "../../support/eventually.ts";
import type { Host } from "../../support/host.ts";
import type { Instance } from "../../support/instance.ts";
import { qemusIn, textOf } from "../../support/processes.ts";
import { getVm, getVmi } from "../../support/vms.ts";
import type { End } from "./ends.ts";
import type { Scene } from "./scene.ts";

export async function stateOf({ host }: Scene, name: string): Promise<End | "on its way"> {
  const key = { namespace: host.namespace, name: launcherPodName(name) };
  const [vm, vmi, pod] = await Promise.all([getVm(host, name), getVmi(host, name), host.client.find(pods, key)]);
  if (vmi && pod) return vm && isOneThatRuns(vm, vmi, pod) ? wordOf(vm, going) : "on its way";
  if (vmi || pod) return "on its way";
  return vm ? wordOf(vm, resting) : "gone";
}

const going: Record<string, End> = { Running: "running", Paused: "paused" };
const resting: Record<string, End> = { Stopped: "stopped" };

/** What is told of it agrees with what is there. */
const wordOf = ({ status }: VirtualMachine, words: Record<string, End>): End | "on its way" =>
  words[status?.printableStatus ?? ""] ?? "on its way";

function isOneThatRuns(vm: VirtualMachine, vmi: VirtualMachineInstance, pod: Pod): boolean {
  const isGoing = [vm, vmi, pod].some(({ metadata }) => metadata.deletionTimestamp);
  const isOwned = isOf(vm, vmi) && isOf(vmi, pod);
  return !isGoing && isOwned && isRunning(vmi) && qemusIn(`pod${pod.metadata.uid}`).length === 1;
}

const isOf = (owner: KubernetesObject, { metadata: { ownerReferences = [] } }: KubernetesObject): boolean =>
  ownerReferences.some(({ uid }) => uid === owner.metadata.uid);

/** Waits until every VM is at one of its ends. */
export async function endsReached(scene: Scene): Promise<void> {
  for (const [name, allowed] of Object.entries(scene.ends))
    await eventually(async () => (allowed as readonly string[]).includes(await stateOf(scene, name)), {
      seconds: 180,
      what: `vm ${scene.host.namespace}/${name} is ${allowed.join(" or ")}`,
    });
}

/** Cgroups of the QEMUs of an instance that run in no pod it knows. */
export async function strayGuests({ client, dataDir }: Instance): Promise<string[]> {
  const { items } = await client.list(pods);
  const isKnown = (cgroup: string): boolean => items.some(({ metadata }) => cgroup.includes(`pod${metadata.uid}`));
  const cgroups = qemusIn(`/${instanceAt(dataDir).name}/`).map((pid) => textOf(`/proc/${pid}/cgroup`));
  return cgroups.filter((cgroup) => cgroup && !isKnown(cgroup));
}

const kinds: Resource[] = [virtualMachines, virtualMachineInstances, pods];

export const storedIn = async ({ client, namespace }: Host): Promise<KubernetesObject[]> =>
  (await Promise.all(kinds.map((of) => client.list(of, { namespace })))).flatMap(({ items }) => items);

/** Of what is there, sorted, so that two looks can be compared. */
export const revisions = (objects: KubernetesObject[]): string[] =>
  objects.map((object) => `${object.kind} ${keyOf(object).name} at ${object.metadata.resourceVersion}`).sort();
