// Addresses and names that tell clusters and nodes on one machine apart, and the commands that connect the nodes.
import { createHash } from "node:crypto";

export interface NodePlan {
  name: string;
  number: number;
  /** On the bridge. */
  address: string;
  /** Pods of this node. */
  podCidr: string;
}

export interface Network {
  bridge: string;
  /** The host's end of the bridge. */
  hostAddress: string;
  number: number;
}

export const clusterCidr = "10.244.0.0/16";
export const serviceCidr = "10.96.0.0/16";
/** The first of the service range: the API server, to every pod. */
export const apiServerService = "10.96.0.1";
export const clusterDomain = "cluster.local";

const defaultState = "/var/lib/knvirt-cluster";

/** Clusters in other folders get a bridge and addresses of their own. */
export function networkOf(state: string): Network {
  const digest = createHash("sha256").update(state).digest().readUInt16BE();
  const number = state === defaultState ? 0 : 1 + (digest % 250);
  return { bridge: `knvirt-c${number}`, hostAddress: `172.29.${number}.1`, number };
}

export function nodePlans(network: Network, count: number): NodePlan[] {
  if (!(count >= 1 && count <= 9)) throw new Error(`--nodes is out of range: found ${count}, expected 1 to 9`);
  return Array.from({ length: count }, (_, index) => nodePlan(network, index + 1));
}

const nodePlan = (network: Network, number: number): NodePlan => ({
  name: `node-${number}`,
  number,
  address: `172.29.${network.number}.${10 + number}`,
  podCidr: `10.244.${number}.0/24`,
});

export const addBridge = ({ bridge }: Network): string[] => ["ip", "link", "add", bridge, "type", "bridge"];

/** Repeating them is harmless. */
export const bridgeCommands = ({ bridge, hostAddress }: Network): string[][] => [
  ["ip", "address", "replace", `${hostAddress}/24`, "dev", bridge],
  ["ip", "link", "set", bridge, "up"],
];

/** The host's end of a node's cable. */
export const cableOf = (network: Network, node: NodePlan): string => `${network.bridge}n${node.number}`;

/** From the host, to the network of a process of the node, where it is called eth0. */
export const addCable = (network: Network, node: NodePlan, pid: number): string[] => [
  ...["ip", "link", "add", cableOf(network, node), "type", "veth"],
  ...["peer", "name", "eth0", "netns", String(pid)],
];

export const plugIn = (network: Network, node: NodePlan): string[] => [
  ...["ip", "link", "set", cableOf(network, node), "master", network.bridge, "up"],
];

/** Inside the node. Repeating them is harmless. */
export const nodeLinkCommands = (node: NodePlan): string[][] => [
  ["ip", "link", "set", "lo", "up"],
  ["ip", "address", "replace", `${node.address}/24`, "dev", "eth0"],
  ["ip", "link", "set", "eth0", "up"],
  // kube-proxy rewrites addresses of Services only where there is a route to them: so webhooks are reached.
  ["ip", "route", "replace", serviceCidr, "dev", "eth0"],
  ["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"],
];

/** Inside a node: to the pods of all others. Repeating them is harmless. */
export const routeCommands = (node: NodePlan, nodes: NodePlan[]): string[][] =>
  nodes
    .filter(({ number }) => number !== node.number)
    .map(({ podCidr, address }) => ["ip", "route", "replace", podCidr, "via", address]);
