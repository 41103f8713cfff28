// Installs one overlay on the cluster as a user would, with the images made here; removes it; tells how it is doing.
import { accessFromKubeconfig, connectClient } from "@knvirt/kubernetes";
import { clusterEvidence } from "../../support/cluster-evidence.ts";
import { attachCluster } from "../index.ts";
import { install } from "./install.ts";
import { remove } from "./remove.ts";

const [command = "", overlay = ""] = process.argv.slice(2);
const cluster = attachCluster();
const client = connectClient(accessFromKubeconfig(cluster.kubeconfig), "knvirt-test");
const commands: Record<string, () => Promise<void>> = {
  install: () => install(cluster, client, overlay),
  remove: () => remove(cluster, client, overlay),
  evidence: async () => console.log(await clusterEvidence(client)),
};

const chosen = commands[command];
if (!chosen || !overlay)
  throw new Error(
    `command ${[command, overlay].join(" ")} is not known: expected install, remove or evidence, and an overlay`,
  );
try {
  await chosen();
} catch (error) {
  console.error((error as Error).message);
  console.error(await clusterEvidence(client));
  process.exitCode = 1;
} finally {
  client.close();
}
