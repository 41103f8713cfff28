// The host of this run: a cluster where its kubeconfig is named, else the standalone instance that was started for it.
import { clusterHost } from "./cluster-host.ts";
import type { Host } from "./host.ts";
import { sharedInstance } from "./instance.ts";

export function sharedHost(): Host {
  const kubeconfig = process.env.KNVIRT_TEST_KUBECONFIG;
  return kubeconfig ? clusterHost(kubeconfig) : sharedInstance();
}
