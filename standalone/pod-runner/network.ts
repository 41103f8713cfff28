// The pod network of one machine: a bridge (made by its CNI plugin), one nft table for outgoing traffic, forwarding.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { writeAtomically } from "./atomic-file.ts";
import type { Instance } from "./instance.ts";
import { type AddressRange, freeSubnet, rangeOf } from "./subnet.ts";

export interface PodNetwork {
  subnet: string;
}

const forwardSwitch = "/proc/sys/net/ipv4/ip_forward";
/** Shared by all instances of the machine: the value before the first of them came. */
const forwardBefore = "/run/knvirt-ip-forward";

export async function ensureNetwork(instance: Instance): Promise<PodNetwork> {
  await mkdir(instance.networkDir, { recursive: true, mode: 0o700 });
  const network = await chosenNetwork(instance);
  await switchForwardingOn();
  await runTool("nft", ["-f", "-"], { input: masqueradeTable(instance, network) });
  return network;
}

/** Declared whole and applied in one transaction, so doing it twice changes nothing. */
export const masqueradeTable = ({ name, bridge }: Instance, { subnet }: PodNetwork): string => `table ip ${name}
delete table ip ${name}
table ip ${name} {
  chain outgoing {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${subnet} oifname != "${bridge}" masquerade
  }
}
`;

/** Chosen once: running pods have addresses in it. Chosen again only when somebody else has taken it meanwhile. */
async function chosenNetwork(instance: Instance): Promise<PodNetwork> {
  const file = join(instance.networkDir, "network.json");
  const taken = await usedRanges(instance);
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before) {
    const network = JSON.parse(before) as PodNetwork;
    const range = rangeOf(network.subnet);
    if (taken.every((used) => range.last < used.first || range.first > used.last)) return network;
  }
  const network = { subnet: freeSubnet(taken, Number.parseInt(instance.name.slice(-4), 16)) };
  await writeAtomically(file, JSON.stringify(network), { flush: true });
  return network;
}

interface Route {
  dst: string;
  dev?: string;
}

/** Networks this machine already reaches some way; the default route and our own bridge do not count. */
async function usedRanges(instance: Instance): Promise<AddressRange[]> {
  const routes = JSON.parse(await runTool("ip", ["-4", "-json", "route", "show", "table", "all"])) as Route[];
  return routes
    .filter(({ dst, dev }) => dev !== instance.bridge && /^\d/.test(dst) && !dst.endsWith("/0"))
    .map(({ dst }) => rangeOf(dst));
}

async function switchForwardingOn(): Promise<void> {
  const now = (await readFile(forwardSwitch, "utf8")).trim();
  await writeFile(forwardBefore, now, { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  if (now !== "1") await writeFile(forwardSwitch, "1");
}

/** Takes the network away; forwarding goes back to what it was when no other instance needs it. */
export async function removeNetwork(instance: Instance): Promise<void> {
  const tables = await runTool("nft", ["list", "tables", "ip"]);
  const ours = tables.split("\n").flatMap((line) => /^table ip (knvirt-[0-9a-f]{8})$/.exec(line.trim())?.[1] ?? []);
  if (ours.includes(instance.name)) await runTool("nft", ["delete", "table", "ip", instance.name]);
  const links = JSON.parse(await runTool("ip", ["-json", "link", "show"])) as { ifname: string }[];
  if (links.some(({ ifname }) => ifname === instance.bridge)) await runTool("ip", ["link", "del", instance.bridge]);
  await rm(join(instance.networkDir, "leases"), { recursive: true, force: true });
  if (ours.every((name) => name === instance.name)) await restoreForwarding();
}

async function restoreForwarding(): Promise<void> {
  const before = await readFile(forwardBefore, "utf8").catch(() => undefined);
  if (before === undefined) return;
  await writeFile(forwardSwitch, before);
  await rm(forwardBefore, { force: true });
}
