// Which access a process of ours uses when nobody says.
import { accessFromPod, type ClusterAccess } from "./access.ts";

/** From `$KUBECONFIG` when it is set, else from the pod. A pod is spared the time it takes to load a YAML parser. */
export const defaultAccess = async (): Promise<ClusterAccess> =>
  process.env.KUBECONFIG
    ? (await import("./kubeconfig.ts")).accessFromKubeconfig(process.env.KUBECONFIG)
    : accessFromPod();
