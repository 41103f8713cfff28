// Where a node finds its files, as seen from inside: the usual places, which are folders of its own there.
import { join } from "node:path";
import type { NodePlan } from "../network.ts";
import type { Places } from "../places.ts";

export interface Worker extends Places {
  kubernetes: string;
  containerd: string;
  node: NodePlan;
}

export const containerdSocket = "/run/containerd/containerd.sock";
/** The file system that the node's programs write to, as the host sees it. */
export const nodeFolder = (places: Places, node: string): string => join(places.state, "nodes", node);
export const logFolder = (places: Places, node: string): string => join(places.state, "log", node);
/** Below every hierarchy's root; pods are in a group beside `system`, which holds the programs of the node. */
export const cgroupOf = (bridge: string, node: string): string => `/${bridge}/${node}`;
export const pauseImage = "dev.local/knvirt/pause:dev";
export const binaries = (...folders: string[]): string =>
  [...folders, "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(":");
