// Which name servers and search domains a guest is told: those of its pod.
import { isIPv4 } from "node:net";
import type { VirtualMachineInstance } from "@knvirt/api";
import { readFileBelow } from "./no-follow.ts";

export interface NameServers {
  /** IPv4 only, and none on loopback: the guest could not reach that. */
  servers: string[];
  searchDomains: string[];
}

const longestFile = 16 * 1024;

/** From the resolv.conf that a process of the pod sees; where that names only a local resolver, from what is behind it. */
export function nameServersOf(pid: number): NameServers {
  const seen = parseResolvConf(readFileBelow(`/proc/${pid}/root`, ["etc", "resolv.conf"], longestFile) ?? "");
  if (seen.servers.length > 0) return seen;
  const behind = parseResolvConf(readFileBelow("/run/systemd/resolve", ["resolv.conf"], longestFile) ?? "");
  return { servers: behind.servers, searchDomains: seen.searchDomains };
}

/** As resolv.conf(5) says: the last `search` or `domain` line counts. */
export function parseResolvConf(text: string): NameServers {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const servers = lines.flatMap(([word, address = ""]) =>
    word === "nameserver" && isIPv4(address) && !address.startsWith("127.") ? [address] : [],
  );
  const [, ...searchDomains] = lines.findLast(([word]) => word === "search" || word === "domain") ?? [];
  return { servers, searchDomains: searchDomains.filter((domain) => domain !== ".") };
}

/** A guest with a subdomain first looks among those that share it, below the cluster's domain for Services. */
export function searchDomainsOf(
  { metadata, spec }: VirtualMachineInstance,
  { searchDomains }: NameServers,
): string[] {
  const ofServices = searchDomains.find((domain) => domain.startsWith(`${metadata.namespace}.svc.`));
  if (!spec.subdomain || ofServices === undefined) return searchDomains;
  return [`${spec.subdomain}.${ofServices}`, ...searchDomains];
}
