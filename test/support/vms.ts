// VMs as specs wait for them, on whatever host.
import {
  launcherPodName,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import { isNotFound, pods, type Resource } from "@knvirt/kubernetes";
import { eventually } from "./eventually.ts";
import type { Host } from "./host.ts";

export const getVm = ({ client, namespace }: Host, name: string): Promise<VirtualMachine | undefined> =>
  client.find(virtualMachines, { namespace, name });

export const getVmi = ({ client, namespace }: Host, name: string): Promise<VirtualMachineInstance | undefined> =>
  client.find(virtualMachineInstances, { namespace, name });

/** Waits for a VMI that runs and is not `after`. */
export function runningVmi(host: Host, name: string, after?: VirtualMachineInstance) {
  return eventually(
    async () => {
      const vmi = await getVmi(host, name);
      return vmi?.status?.phase === "Running" && vmi.metadata.uid !== after?.metadata.uid && vmi;
    },
    { seconds: 180, what: `vmi ${name} runs`, evidence: () => host.evidence() },
  );
}

/** Deletes VMs and VMIs of the given names and waits until they and their pods are gone. */
export async function removeVms(host: Host, ...names: string[]): Promise<void> {
  for (const resource of [virtualMachines, virtualMachineInstances])
    await Promise.all(names.map((name) => deleteIfThere(host, resource, name)));
  for (const name of names)
    await eventually(async () => (await leftOf(host, name)).length === 0, {
      seconds: 60,
      what: `vm ${name} is gone`,
      evidence: () => host.evidence(),
    });
}

async function leftOf(host: Host, name: string): Promise<object[]> {
  const pod = { namespace: host.namespace, name: launcherPodName(name) };
  const found = [getVm(host, name), getVmi(host, name), host.client.find(pods, pod)];
  return (await Promise.all<object | undefined>(found)).filter((object) => object !== undefined);
}

const deleteIfThere = (host: Host, resource: Resource, name: string): Promise<true> =>
  eventually(
    async () => {
      try {
        await host.client.delete(resource, { namespace: host.namespace, name });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return true as const;
    },
    { seconds: 60, what: `${resource.kind} ${name} is deleted` },
  );
