// What a launcher pod's network shall look like before its guest starts: links, addresses, routes, rules. Pure.
import {
  interfacesOf,
  launcherUser,
  type NetworkInterface,
  queuesOf,
  type VirtualMachineInstance,
} from "@knvirt/api";
import type { PodInterface } from "@knvirt/proto";
import { ExecutorError } from "../errors.ts";
import { type NameServers, searchDomainsOf } from "../name-servers.ts";
import { type GuestAddresses, guestAddressesOf, isWithin } from "./guest-addresses.ts";
import { macAddressOf } from "./mac-address.ts";
import { masqueradeRuleset } from "./masquerade.ts";

/** A network link as it is found in the pod. */
export interface Link {
  name: string;
  /** As `ip` names it: bridge, tun, veth ... ; empty for a link without one, such as a network card. */
  kind: string;
  mac: string;
  mtu: number;
  addresses: { family: "inet" | "inet6"; local: string; prefixLength: number; scope: string }[];
}

interface BridgeLink {
  name: string;
  mac: string;
  mtu: number;
  address: string;
}

interface TapLink {
  name: string;
  mtu: number;
  bridge: string;
  /** User and group that may open it. */
  owner: number;
  /** It can be opened several times, once for each queue; the kernel refuses whoever opens it in the other way. */
  isMultiQueue: boolean;
}

export interface NetworkPlan {
  bridge: BridgeLink;
  tap: TapLink;
  routes: string[];
  neighbour: { address: string; mac: string };
  /** Paths below /proc/sys and their values. */
  sysctls: [path: string, value: string][];
  ruleset: string;
  /** What the launcher is told of it. */
  podInterface: PodInterface;
}

/** The pod's own link, which stays as it is. */
export const podLinkName = "eth0";
const bridge = "k6t-eth0";
const tap = "tap0";
/** Reserved: no guest may have it. */
const bridgeMac = "02:00:00:00:00:00";

export interface PodFacts {
  links: Link[];
  nameServers: NameServers;
}

/** Undefined for a guest without network. An instance has one interface at most, since it has one pod network at most. */
export function planNetwork(vmi: VirtualMachineInstance, { links, nameServers }: PodFacts): NetworkPlan | undefined {
  const [networkInterface] = interfacesOf(vmi.spec);
  if (!networkInterface) return undefined;
  const addresses = guestAddressesOf(vmi.spec, networkInterface.name);
  const { gateway, guest, prefixLength } = addresses;
  const { mtu } = podLinkOf(vmi, links, addresses);
  const mac = macAddressOf(vmi, networkInterface);
  const podInterface: PodInterface = {
    name: networkInterface.name,
    tap,
    mac,
    mtu,
    bridge,
    guestAddress: guest,
    prefixLength,
    gateway,
    dnsServers: nameServers.servers,
    searchDomains: searchDomainsOf(vmi, nameServers),
  };
  return {
    ...hostSide(networkInterface, podInterface),
    tap: { name: tap, mtu, bridge, owner: launcherUser, isMultiQueue: queuesOf(vmi.spec, networkInterface) > 1 },
    podInterface,
  };
}

function hostSide(
  { ports }: NetworkInterface,
  { mtu, mac, gateway, guestAddress, prefixLength }: PodInterface,
): Omit<NetworkPlan, "podInterface" | "tap"> {
  return {
    bridge: { name: bridge, mac: bridgeMac, mtu, address: `${gateway}/${prefixLength}` },
    // Answers of the DHCP server to a guest without an address yet go to everybody on the bridge.
    routes: ["255.255.255.255/32"],
    neighbour: { address: guestAddress, mac },
    sysctls: [
      ["net/ipv4/ip_forward", "1"],
      // The launcher may serve DHCP on port 67 without any capability.
      ["net/ipv4/ip_unprivileged_port_start", "0"],
      [`net/ipv4/conf/${bridge}/route_localnet`, "1"],
    ],
    ruleset: masqueradeRuleset({ podLink: podLinkName, bridge, gateway, guest: guestAddress }, ports),
  };
}

function podLinkOf(vmi: VirtualMachineInstance, links: Link[], guestSide: GuestAddresses): Link {
  const link = links.find(({ name }) => name === podLinkName);
  const problem = problemOf(link, guestSide);
  if (link && !problem) return link;
  throw new ExecutorError(
    "NetworkSetupFailed",
    `network of ${vmi.metadata.namespace}/${vmi.metadata.name} cannot be set up: link ${podLinkName} of its pod ${problem}`,
  );
}

/** How it is routed does not matter: a gateway may lie outside the link's network, as where each pod has a network of one. */
function problemOf(link: Link | undefined, guestSide: GuestAddresses): string | undefined {
  if (!link) return "does not exist yet";
  const addresses = link.addresses.filter(({ family, scope }) => family === "inet" && scope === "global");
  if (addresses.length === 0) return "has no IPv4 address, and masquerade supports IPv4 only";
  const own = addresses.find(({ local }) => isWithin(guestSide, local));
  return (
    own &&
    `has address ${own.local} of the guest's own network: expected one outside ${guestSide.gateway}/${guestSide.prefixLength}`
  );
}
