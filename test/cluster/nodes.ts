// The nodes of the cluster: which run, and starting those that are missing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  addBridge,
  addCable,
  bridgeCommands,
  cableOf,
  type Network,
  type NodePlan,
  networkOf,
  nodeLinkCommands,
  nodePlans,
  plugIn,
  routeCommands,
} from "./network.ts";
import { clusterNode, findInit, startNode } from "./node/namespaces.ts";
import type { ClusterNode } from "./node/node.ts";
import type { Places } from "./places.ts";
import { run } from "./run.ts";
import { cgroupOf, logFolder, nodeFolder } from "./worker/layout.ts";

const repository = join(import.meta.dirname, "..", "..");
const mostNodes = 9;

export interface PlacedNode {
  plan: NodePlan;
  node: ClusterNode;
}

export function runningNodes(places: Places, network = networkOf(places.state)): PlacedNode[] {
  return nodePlans(network, mostNodes).flatMap((plan) => {
    const pid = findInit(cgroupOf(network.bridge, plan.name));
    return pid === undefined ? [] : [{ plan, node: clusterNode(plan, nodeFolder(places, plan.name), pid) }];
  });
}

/** So many, or as many as run already: a cluster can grow, not shrink. */
export async function makeNodes(places: Places, count: number): Promise<PlacedNode[]> {
  const network = networkOf(places.state);
  const running = runningNodes(places, network).map(({ plan }) => plan.number);
  if (!linkExists(network.bridge)) await run(addBridge(network));
  for (const command of bridgeCommands(network)) await run(command);
  const placed: PlacedNode[] = [];
  for (const plan of nodePlans(network, Math.max(count, ...running)))
    placed.push({ plan, node: await makeNode(places, network, plan) });
  await connectNodes(placed);
  return placed;
}

const linkExists = (name: string): boolean => existsSync(join("/sys/class/net", name));

/** Harmless for a node that runs: whatever is missing of it is made. */
async function makeNode(places: Places, network: Network, plan: NodePlan): Promise<ClusterNode> {
  const folder = nodeFolder(places, plan.name);
  const controlGroup = cgroupOf(network.bridge, plan.name);
  const kept = [places.state, places.cache, repository];
  const mounts = { folder, kept, logs: logFolder(places, plan.name) };
  const pid = findInit(controlGroup) ?? (await startNode({ name: plan.name, controlGroup, mounts }));
  const node = clusterNode(plan, folder, pid);
  await connectNode(network, plan, node);
  return node;
}

async function connectNode(network: Network, plan: NodePlan, node: ClusterNode): Promise<void> {
  const cable = cableOf(network, plan);
  if (!(await node.run(["ls", "/sys/class/net"])).includes("eth0")) {
    // Of a node that ended a moment ago: the kernel has not taken it away yet.
    if (linkExists(cable)) await run(["ip", "link", "delete", cable]);
    await run(addCable(network, plan, node.pid));
  }
  await run(plugIn(network, plan));
  for (const command of nodeLinkCommands(plan)) await node.run(command);
}

/** So that pods of all nodes reach each other. */
async function connectNodes(nodes: PlacedNode[]): Promise<void> {
  const plans = nodes.map(({ plan }) => plan);
  for (const { plan, node } of nodes) for (const command of routeCommands(plan, plans)) await node.run(command);
}
