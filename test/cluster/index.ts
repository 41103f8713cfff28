// The cluster as specs use it: the rig's own, or the one that KUBECONFIG names.

import { printedProgress } from "../../standalone/progress.ts";
import type { ClusterContext } from "./context.ts";
import { runningNodes } from "./nodes.ts";
import { clusterContext } from "./open.ts";
import { clusterPlaces } from "./places.ts";

/** On a cluster of others there are no nodes to enter, no audit log to read and no way to bring an image in. */
export type Cluster = ClusterContext;

/** Throws when there is neither. */
export function attachCluster(): Cluster {
  const places = clusterPlaces();
  const nodes = places.foreign ? [] : runningNodes(places).map(({ node }) => node);
  if (!places.foreign && nodes.length === 0)
    throw new Error("cluster does not run: npm run cluster -- up starts it, or set KUBECONFIG to use another");
  return clusterContext(places, nodes, printedProgress());
}
