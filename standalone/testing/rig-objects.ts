// For tests of the control plane: VMs, and by hand what a node would do with their pods.
import {
  launcherPodName,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import {
  type Client,
  isConflict,
  type KubernetesObject,
  type Pod,
  pathOf,
  pods,
  type Resource,
} from "@knvirt/kubernetes";
import { eventually } from "../../test/support/eventually.ts";
import { objectWhen } from "../../test/support/object-when.ts";

export const namespace = "default";

type Wanted<T> = (object: T | undefined) => boolean;

export interface Objects {
  createVm(name: string, spec?: Partial<VirtualMachine["spec"]>): Promise<VirtualMachine>;
  vm(name: string, isGood: Wanted<VirtualMachine>): Promise<VirtualMachine | undefined>;
  vmi(name: string, isGood: Wanted<VirtualMachineInstance>): Promise<VirtualMachineInstance | undefined>;
  podOf(name: string, isGood: Wanted<Pod>): Promise<Pod | undefined>;
  /** What a node does when it starts the pod, and its executor when the guest runs. */
  startGuest(name: string): Promise<void>;
  setPod(name: string, status: NonNullable<Pod["status"]>): Promise<void>;
  /** Waits for the launcher pod of a VMI and gives it a node. */
  bind(name: string): Promise<void>;
  /** Waits until that pod is being deleted, and lets it go as its kubelet does. */
  letGo(name: string): Promise<void>;
}

export function objectsOf(client: Client): Objects {
  const setPod = async (name: string, status: NonNullable<Pod["status"]>): Promise<void> => {
    const key = { namespace, name: launcherPodName(name) };
    await client.mergePatch(pods, key, { patch: { status }, subresource: "status" });
  };
  const when =
    <T extends KubernetesObject>(of: Resource<T>, nameOf = (name: string) => name) =>
    (name: string, is: Wanted<T>) =>
      objectWhen(client, { of, key: { namespace, name: nameOf(name) }, is });
  const podOf = when(pods, launcherPodName);
  return {
    createVm: (name, spec) => client.create(virtualMachines, aVm(name, spec)),
    vm: when(virtualMachines),
    vmi: when(virtualMachineInstances),
    podOf,
    setPod,
    letGo: async (name) => {
      await podOf(name, (pod) => pod?.metadata.deletionTimestamp !== undefined);
      await client.delete(pods, { namespace, name: launcherPodName(name) }, { gracePeriodSeconds: 0 });
    },
    bind: async (name) => {
      await podOf(name, (pod) => pod !== undefined && !pod.spec.nodeName && !pod.metadata.deletionTimestamp);
      const path = pathOf(pods, { namespace, name: launcherPodName(name) }, "binding");
      const body = {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name: launcherPodName(name) },
        target: { kind: "Node", name: "node-1" },
      };
      await client.transport.call({ method: "POST", path, body });
    },
    startGuest: async (name) => {
      await setPod(name, { phase: "Running" });
      await eventually(() => toldRunning(client, name), { what: `instance ${name} is told as running` });
    },
  };
}

const aVm = (name: string, spec: Partial<VirtualMachine["spec"]> = {}): VirtualMachine => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace, name },
  spec: { runStrategy: "Always", template: { spec: { domain: { memory: { guest: "64Mi" } } } }, ...spec },
});

/** False when a function wrote since it was read: as an executor does, it is read again then. */
async function toldRunning(client: Client, name: string): Promise<boolean> {
  const vmi = await client.find(virtualMachineInstances, { namespace, name });
  if (!vmi) throw new Error(`there is no instance ${name}`);
  const options = { manager: "knvirt-node-executor", force: true, subresource: "status" as const };
  return client.apply(virtualMachineInstances, running(vmi), options).then(
    () => true,
    (error: unknown) => {
      if (isConflict(error)) return false;
      throw error;
    },
  );
}

function running({
  apiVersion,
  kind,
  metadata: { name, resourceVersion },
}: VirtualMachineInstance): KubernetesObject {
  const now = new Date().toISOString();
  const status = {
    phase: "Running",
    phaseTransitionTimestamps: [{ phase: "Running", phaseTransitionTimestamp: now }],
    conditions: [{ type: "Ready", status: "True", reason: "", message: "", lastTransitionTime: now }],
  };
  const metadata = { name, namespace, ...(resourceVersion && { resourceVersion }) };
  return { apiVersion, kind, metadata, status } as KubernetesObject;
}
