// From the links that are there to those that shall be: the commands of `ip -batch`. Pure.
import { ExecutorError } from "../errors.ts";
import type { Link, NetworkPlan } from "./plan.ts";

/** Nothing here hurts when it is done again, so a half-done namespace is completed. Throws on a link of another kind. */
export function ipCommands({ bridge, tap, routes, neighbour }: NetworkPlan, links: Link[]): string[] {
  const queues = tap.isMultiQueue ? " multi_queue" : "";
  const makeTap = `tuntap add dev ${tap.name} mode tap user ${tap.owner} group ${tap.owner} vnet_hdr${queues}`;
  return [
    ...unlessThere(links, bridge.name, { kind: "bridge", command: `link add name ${bridge.name} type bridge` }),
    `link set dev ${bridge.name} address ${bridge.mac} mtu ${bridge.mtu} up`,
    `address replace ${bridge.address} dev ${bridge.name}`,
    ...unlessThere(links, tap.name, { kind: "tun", command: makeTap }),
    `link set dev ${tap.name} mtu ${tap.mtu} master ${tap.bridge} up`,
    ...routes.map((route) => `route replace ${route} dev ${bridge.name}`),
    `neighbour replace ${neighbour.address} lladdr ${neighbour.mac} nud permanent dev ${bridge.name}`,
  ];
}

function unlessThere(links: Link[], name: string, { kind, command }: { kind: string; command: string }): string[] {
  const link = links.find((found) => found.name === name);
  if (!link) return [command];
  if (link.kind === kind) return [];
  throw new ExecutorError(
    "NetworkSetupFailed",
    `link ${name} of the pod is of another kind: found ${link.kind || "none"}, expected ${kind}`,
  );
}
