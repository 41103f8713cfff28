// Overlays as the command line and the tests install them; what fails tells how the cluster is doing.
import { readdir } from "node:fs/promises";
import { accessFromKubeconfig, type Client, connectClient } from "@knvirt/kubernetes";
import { clusterEvidence } from "../../support/cluster-evidence.ts";
import { attachCluster, type Cluster } from "../index.ts";
import { install, overlaysFolder } from "./install.ts";
import { remove } from "./remove.ts";

export async function installOverlay(overlay: string): Promise<void> {
  await onCluster(overlay, async (cluster, client) => {
    await install(cluster, client, overlay);
    cluster.progress.say(`overlay ${overlay} is installed; next: npm run cluster -- shell, and in it
  kubectl apply -f examples/vm.yaml`);
  });
}

export const removeOverlay = (overlay: string): Promise<void> =>
  onCluster(overlay, (cluster, client) => remove(cluster, client, overlay));

export async function evidence(): Promise<void> {
  const client = clientOf(attachCluster());
  console.log(await clusterEvidence(client).finally(() => client.close()));
}

async function onCluster(overlay: string, work: (cluster: Cluster, client: Client) => Promise<void>): Promise<void> {
  const overlays = await readdir(overlaysFolder);
  if (!overlays.includes(overlay))
    throw new Error(`overlay ${overlay || "without a name"} is not known: expected ${overlays.join(", ")}`);
  const cluster = attachCluster();
  const client = clientOf(cluster);
  try {
    await work(cluster, client);
  } catch (error) {
    console.error(await clusterEvidence(client));
    throw error;
  } finally {
    client.close();
  }
}

const clientOf = ({ kubeconfig }: Cluster): Client => connectClient(accessFromKubeconfig(kubeconfig), "knvirt-test");
