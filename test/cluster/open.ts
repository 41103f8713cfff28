// Ways to act on a running cluster, whoever started it: the context of every step, and of the specs.

import type { Progress } from "../../standalone/progress.ts";
import type { ClusterContext } from "./context.ts";
import type { ClusterNode } from "./node/node.ts";
import type { Places } from "./places.ts";
import { kubectlOf } from "./programs.ts";
import { run } from "./run.ts";
import { importArchive } from "./worker/images.ts";

export const clusterContext = (places: Places, nodes: ClusterNode[], progress: Progress): ClusterContext => ({
  ...places,
  nodes,
  progress,
  run,
  kubectl: (args, options) => run([kubectlOf(places), "--kubeconfig", places.kubeconfig, ...args], options),
  async importImages(archive, wanted = nodes) {
    await Promise.all(wanted.map((node) => importArchive(places, archive, node)));
  },
});
