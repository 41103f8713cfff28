// What every benchmark on a cluster is given, and the states of the functions that several of them start from.
import { virtualMachines } from "@knvirt/api";
import { type Client, type Pod, pods } from "@knvirt/kubernetes";
import type { Cluster } from "../../cluster/index.ts";
import { aVm } from "../../support/builders.ts";
import { installNamespace, testNamespace } from "../../support/cluster-names.ts";
import { eventually } from "../../support/eventually.ts";
import type { Host } from "../../support/host.ts";
import { getVm, removeVms } from "../../support/vms.ts";

export interface Bench {
  cluster: Cluster;
  client: Client;
  host: Host;
  overlay: string;
  rounds: number;
  idleMinutes: number;
}

export const sleeps = ({ overlay }: Bench): boolean => overlay.startsWith("knative");

export const functionPods = async ({ client }: Bench): Promise<Pod[]> =>
  (await client.list(pods, { namespace: installNamespace, labelSelector: "serving.knative.dev/service" })).items;

/** Until no pod of a function is left, not even one that ends. */
export const asleep = (bench: Bench): Promise<true> =>
  eventually(async () => (await functionPods(bench)).length === 0, {
    seconds: 180,
    what: "all functions sleep",
    evidence: () => bench.host.evidence(),
  });

/** A VM without an instance, looked at: afterwards functions are up. */
export async function awake({ host, client }: Bench): Promise<void> {
  const name = "bench-waker";
  await client.create(virtualMachines, aVm({ name, namespace: testNamespace, runStrategy: "Halted" }));
  await eventually(async () => (await getVm(host, name))?.status?.printableStatus === "Stopped", {
    what: `vm ${name} was looked at`,
    evidence: () => host.evidence(),
  });
  await removeVms(host, name);
}
