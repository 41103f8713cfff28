// The plan through the system's own tools, inside the pod's network namespace.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { PodInterface } from "@knvirt/proto";
import { runTool } from "@knvirt/tools";
import { ExecutorError } from "../errors.ts";
import { nameServersOf } from "../name-servers.ts";
import { openPodNetwork } from "../pod-network.ts";
import { ipCommands } from "./ip-commands.ts";
import { type Link, type NetworkPlan, planNetwork } from "./plan.ts";

/** Makes the pod's network ready for its guest. Doing it again changes nothing, or completes what was half done. */
export async function prepareNetwork(podUid: string, vmi: VirtualMachineInstance): Promise<PodInterface[]> {
  const network = openPodNetwork(podUid);
  try {
    const links = await readLinks(network.path);
    const plan = planNetwork(vmi, { links, nameServers: nameServersOf(network.pid) });
    if (!plan) return [];
    await applyPlan(network.path, plan, links);
    return [plan.podInterface];
  } catch (error) {
    if (error instanceof ExecutorError) throw error;
    const { namespace, name } = vmi.metadata;
    const message = `network of ${namespace}/${name} cannot be set up: ${(error as Error).message}`;
    throw new ExecutorError("NetworkSetupFailed", message, { cause: error });
  } finally {
    network.close();
  }
}

async function applyPlan(namespace: string, plan: NetworkPlan, links: Link[]): Promise<void> {
  const batch = `${ipCommands(plan, links).join("\n")}\n`;
  await Promise.all([
    inNamespace(namespace, ["ip", "-batch", "-"], batch),
    inNamespace(namespace, ["nft", "-f", "-"], plan.ruleset),
  ]);
  // Forwarding is switched on last, so that nothing is ever forwarded past the rules.
  const sysctls = plan.sysctls.map(([path, value]) => `${path} ${value}\n`).join("");
  await inNamespace(namespace, ["sh", "-ec", writeSysctls], sysctls);
}

/** /proc/sys/net shows the namespace of whoever reads it, so a shell suffices: it reads `path value` lines. */
const writeSysctls = 'while read -r path value; do echo "$value" > "/proc/sys/$path"; done';

const timeoutMs = 10_000;

const inNamespace = (namespace: string, command: string[], input = ""): Promise<string> =>
  runTool("nsenter", [`--net=${namespace}`, "--", ...command], { input, timeoutMs });

interface IpLink {
  ifname?: string;
  address?: string;
  mtu?: number;
  linkinfo?: { info_kind?: string };
  addr_info?: { family?: string; local?: string; prefixlen?: number; scope?: string }[];
}

export async function readLinks(namespace: string): Promise<Link[]> {
  const output = await inNamespace(namespace, ["ip", "-json", "-details", "address", "show"]);
  // iproute2 prints an empty object for what it does not show.
  const links = (JSON.parse(output || "[]") as IpLink[]).filter(({ ifname }) => ifname !== undefined);
  return links.map(({ ifname = "", address = "", mtu = 0, linkinfo, addr_info = [] }) => ({
    name: ifname,
    kind: linkinfo?.info_kind ?? "",
    mac: address,
    mtu,
    addresses: addr_info.map(({ family, local = "", prefixlen = 0, scope = "" }) => ({
      family: family === "inet6" ? "inet6" : "inet",
      local,
      prefixLength: prefixlen,
      scope,
    })),
  }));
}
