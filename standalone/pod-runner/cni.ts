// Calls CNI plugins by the CNI protocol 1.0: parameters in the environment, configuration on standard input.
import { join } from "node:path";
import { runTool, ToolError } from "@knvirt/tools";
import type { Instance } from "./instance.ts";
import type { PodNetwork } from "./network.ts";

export interface CniPod {
  namespace: string;
  name: string;
  /** Our uid of the pod: names the sandbox to the plugins. */
  uid: string;
  netns: string;
}

interface CniResult {
  ips?: { address: string; gateway?: string }[];
}

const pluginDirectory = "/usr/lib/cni";

/** What Debian's bridge plugin gets: an address by host-local, a gateway on the bridge, no rules of its own. */
export const bridgeConfig = (instance: Instance, { subnet }: PodNetwork) => ({
  cniVersion: "1.0.0",
  name: instance.name,
  type: "bridge",
  bridge: instance.bridge,
  isGateway: true,
  ipMasq: false, // the plugin would call iptables; our nft table does it
  hairpinMode: true,
  ipam: {
    type: "host-local",
    ranges: [[{ subnet }]],
    routes: [{ dst: "0.0.0.0/0" }],
    dataDir: join(instance.networkDir, "leases"),
  },
});

/** Gives the pod's namespace its eth0 and answers with its address. */
export async function addToNetwork(instance: Instance, network: PodNetwork, pod: CniPod): Promise<string> {
  const answer = await callPlugin("ADD", bridgeConfig(instance, network), pod);
  const address = (JSON.parse(answer) as CniResult).ips?.[0]?.address.split("/")[0];
  if (!address) throw new Error(`CNI plugin bridge gave pod ${pod.namespace}/${pod.name} no address: ${answer}`);
  return address;
}

/** Succeeds also for a pod that was never added: DEL is how half-made attempts are undone. */
export async function removeFromNetwork(instance: Instance, network: PodNetwork, pod: CniPod): Promise<void> {
  await callPlugin("DEL", bridgeConfig(instance, network), pod);
}

async function callPlugin(command: "ADD" | "DEL", config: { type: string }, pod: CniPod): Promise<string> {
  try {
    return await runTool(join(pluginDirectory, config.type), [], {
      input: JSON.stringify(config),
      env: {
        CNI_COMMAND: command,
        CNI_CONTAINERID: pod.uid,
        CNI_NETNS: pod.netns,
        CNI_IFNAME: "eth0",
        CNI_PATH: pluginDirectory,
        CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=${pod.namespace};K8S_POD_NAME=${pod.name};K8S_POD_UID=${pod.uid}`,
      },
    });
  } catch (error) {
    // A plugin tells its failure as JSON on standard output.
    const told = error instanceof ToolError ? pluginMessage(error.stdout) : undefined;
    if (told === undefined) throw error;
    throw new Error(`CNI plugin ${config.type} ${command} failed: ${told}`, { cause: error });
  }
}

function pluginMessage(stdout: string): string | undefined {
  try {
    const { msg, details } = JSON.parse(stdout) as { msg?: string; details?: string };
    return [msg, details].filter(Boolean).join(": ") || undefined;
  } catch {
    return undefined;
  }
}
