// Brings the cluster up: whatever is there is left as it is, so that an interrupted `up` goes on where it was.
import { writeFile } from "node:fs/promises";
import { printedProgress } from "../../standalone/progress.ts";
import { buildBinaries } from "./builds.ts";
import type { ClusterContext } from "./context.ts";
import { proveNodes } from "./first-pod.ts";
import { buildImages, imageArchives } from "./images/index.ts";
import { buildKnative, installKnative } from "./knative/index.ts";
import { lockCluster } from "./lock.ts";
import { networkOf, nodePlans } from "./network.ts";
import { makeNodes } from "./nodes.ts";
import { clusterContext } from "./open.ts";
import { clusterPlaces, markerOf, type Places } from "./places.ts";
import { linkPrograms } from "./programs.ts";
import { startKubernetes } from "./start.ts";

export interface UpOptions {
  nodes: number;
  knative: boolean;
}

export async function up(options: UpOptions): Promise<void> {
  const places = clusterPlaces();
  await (places.foreign ? useForeign(places) : bringUp(places, options));
}

async function bringUp(places: Places, { nodes: count, knative }: UpOptions): Promise<void> {
  const progress = printedProgress();
  const network = networkOf(places.state);
  nodePlans(network, count); // throws for a number that no cluster can have, before anything is built
  await lockCluster(places);
  await writeFile(markerOf(places), `${JSON.stringify(network)}\n`);
  const binaries = await buildBinaries(clusterContext(places, [], progress));
  await linkPrograms(places, binaries);
  const placed = await progress.step("nodes", () => makeNodes(places, count));
  const nodes = placed.map(({ node }) => node);
  const context = clusterContext(places, nodes, progress);
  await startKubernetes(context, placed, binaries);
  await proveNodes(context);
  await addImages(context);
  if (knative) await addKnative(context);
  progress.say(
    `cluster is up: export KUBECONFIG=${places.kubeconfig}; npm run cluster -- install knative adds knvirt`,
  );
}

/** Nothing is made there, and nothing installed: only whether it answers is of interest. */
async function useForeign(places: Places): Promise<void> {
  const { kubectl } = clusterContext(places, [], printedProgress());
  const nodes = (await kubectl(["get", "nodes", "-o", "name"])).trim().split("\n").length;
  console.log(
    `cluster of ${places.kubeconfig} answers, nodes: ${nodes}; it is used as it is, since KUBECONFIG is set`,
  );
}

async function addImages(context: ClusterContext): Promise<void> {
  await buildImages(context);
  await context.progress.step("import images", async () => {
    for (const archive of await imageArchives(context)) await context.importImages(archive);
  });
}

async function addKnative(context: ClusterContext): Promise<void> {
  await buildKnative(context);
  await installKnative(context);
}
