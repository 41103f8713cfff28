// Where the control plane finds its files, and where it is reached.
import { join } from "node:path";
import type { NodePlan } from "../network.ts";
import type { Places } from "../places.ts";

export interface ControlPlane extends Places {
  /** Folder of Kubernetes' binaries. */
  kubernetes: string;
  /** The CoreDNS binary. */
  dns: string;
  node: NodePlan;
}

/** In node 1, and for it alone: nobody else has business with the store. */
export const etcdUrl = "http://127.0.0.1:2379";
export const apiServerPort = 6443;
export const apiServerUrl = (first: NodePlan): string => `https://${first.address}:${apiServerPort}`;

export const certificatesIn = (places: Places): string => join(places.state, "certificates");
export const certificate = (places: Places, name: string): string => join(certificatesIn(places), name);
/** Configuration that programs read at their start. */
export const configIn = (places: Places): string => join(places.state, "config");
export const configFile = (places: Places, name: string): string => join(configIn(places), name);
export const kubeconfigOf = (places: Places, user: string): string => configFile(places, `${user}.kubeconfig`);
