// What every step of bringing the cluster up is given: where things are, which nodes there are, ways to act on them.

import type { Progress } from "../../standalone/progress.ts";
import type { ClusterNode } from "./node/node.ts";
import type { Places } from "./places.ts";
import type { Run } from "./run.ts";

export interface ClusterContext extends Places {
  /** Node 1, which holds the control plane, first. Empty while only building, and on a cluster of others. */
  nodes: ClusterNode[];
  progress: Progress;
  /** A program on the host. Throws with the end of its output. */
  run: Run;
  /** kubectl of the cluster's version, as cluster-admin. */
  kubectl: Run;
  /** An archive of one or more images (OCI or docker layout) into containerd of these nodes, by default of all. */
  importImages(archive: string, nodes?: ClusterNode[]): Promise<void>;
}
