// A model of an API server full of VMs that run, without a cluster around it: functions did their part, and what a node
// does is written in its stead. So that sweeps and memory can be measured of more VMs than could be lived through.
import { launcherPodName, type VirtualMachineInstance, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { type Client, clientOver, type Pod, pathOf, pods } from "@knvirt/kubernetes";
import { startFunctions } from "../../../functions/runtime/start.ts";
import { createWorld } from "../engine/world.ts";
import { definitions } from "../system/index.ts";
import { silent, straightTo } from "./settled.ts";
import { aVm, namespace, type Site, type SiteOptions } from "./site.ts";
import { openTally } from "./tally.ts";

export async function filledSite({ vms, nodes }: SiteOptions): Promise<Pick<Site, "world" | "tally" | "user">> {
  const tally = openTally();
  const world = createWorld({ seed: 1, isTraced: false, onWrite: tally.onWrite, counted: tally.counted });
  const user = world.spawn("user", "kubernetes-admin");
  const client = clientOver(straightTo(world.api));
  const functions = startFunctions({ definitions, client, log: silent, clock: user.clock });
  /** Until nothing is left to do; what was before is forgotten, as etcd does. */
  const sweep = async (): Promise<void> => {
    for (let repairs = 1; repairs > 0; world.api.compact())
      repairs = (await functions.sweep()).reduce((sum, swept) => sum + swept.repairs, 0);
  };
  const names = Array.from({ length: vms }, (_, number) => `vm-${number}`);
  for (const name of names) await client.create(virtualMachines, aVm(name));
  await sweep();
  for (const [number, name] of names.entries()) await startPod(client, name, `node-${(number % nodes) + 1}`);
  await sweep();
  for (const name of names) await startGuest(client, name, world.now().toISOString());
  await sweep();
  await functions.close();
  tally.take();
  return { world, tally, user };
}

/** As scheduler and kubelet do. */
async function startPod(client: Client, vm: string, node: string): Promise<void> {
  const key = { namespace, name: launcherPodName(vm) };
  const target = { apiVersion: "v1", kind: "Node", name: node };
  const body = { apiVersion: "v1", kind: "Binding", metadata: key, target };
  await client.transport.call({ method: "POST", path: pathOf(pods, key, "binding"), body });
  const status: Pod["status"] = {
    phase: "Running",
    podIP: "10.0.0.1",
    conditions: [{ type: "Ready", status: "True" }],
  };
  await client.mergePatch(pods, key, { patch: { status }, subresource: "status" });
}

/** As its executor does. */
async function startGuest(client: Client, name: string, now: string): Promise<void> {
  const vmi = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstance",
    metadata: { namespace, name },
    status: {
      phase: "Running",
      phaseTransitionTimestamps: [{ phase: "Running", phaseTransitionTimestamp: now }],
      conditions: [{ type: "Ready", status: "True", reason: "", message: "", lastTransitionTime: now }],
    },
  };
  const options = { manager: "knvirt-node-executor", force: true, subresource: "status" } as const;
  await client.apply(virtualMachineInstances, vmi as unknown as VirtualMachineInstance, options);
}
