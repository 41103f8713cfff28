// Where the cluster keeps what: a cache that outlives it, and its running state, which `down` removes.
import { join } from "node:path";

export interface Places {
  /** Binaries and image archives. */
  cache: string;
  /** The running cluster. */
  state: string;
  /** Of cluster-admin. */
  kubeconfig: string;
  /** Of the API server: one JSON event a line, level Metadata. */
  auditLog: string;
  /** KUBECONFIG names a cluster that is not ours: nothing but our own namespaces is touched there. */
  foreign: boolean;
}

export function clusterPlaces(env: Record<string, string | undefined> = process.env): Places {
  const state = env.KNVIRT_CLUSTER ?? "/var/lib/knvirt-cluster";
  const own = join(state, "kubeconfig");
  const kubeconfig = env.KUBECONFIG || own;
  return {
    cache: env.KNVIRT_CLUSTER_CACHE ?? "/var/cache/knvirt/cluster",
    state,
    kubeconfig,
    auditLog: join(state, "audit.log"),
    foreign: kubeconfig !== own,
  };
}

/** Says that a folder is a cluster's, and may be removed; locked by who brings it up or down. */
export const markerOf = ({ state }: Places): string => join(state, "network.json");
