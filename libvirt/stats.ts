// Figures about domains: bulk statistics under libvirt's names, and the guest's memory.
import type { CallOptions, Connection } from "./connection.ts";
import { bits, type Flags, statsFlags, statsGroups } from "./flags.ts";
import { remote } from "./procedures.ts";
import { plainValues } from "./typed-params.ts";
import type { Domain } from "./types.ts";

export interface DomainStats {
  domain: Domain;
  /** By libvirt's names: "cpu.time", "block.0.rd.bytes", "vcpu.current", ... */
  values: Record<string, number | boolean | string>;
}

export interface StatsOptions extends CallOptions, Flags<typeof statsFlags> {
  /** All domains when not given. */
  domains?: Domain[] | undefined;
  /** All that the hypervisor has when not given. */
  groups?: Flags<typeof statsGroups> | undefined;
}

export async function getDomainStats(
  connection: Connection,
  { domains = [], groups = {}, ...options }: StatsOptions = {},
): Promise<DomainStats[]> {
  const wanted = { doms: domains, stats: bits(statsGroups, groups), flags: bits(statsFlags, options) };
  const { retStats } = await connection.call(remote.connectGetAllDomainStats, wanted, options);
  return retStats.map(({ dom, params }) => ({ domain: dom, values: plainValues(params) }));
}

/** In the order of virDomainMemoryStatTags. Sizes in KiB, faults and pages as counts, lastUpdate in seconds of the epoch. */
const memoryStats = [
  "swapIn",
  "swapOut",
  "majorFaults",
  "minorFaults",
  "unused",
  "available",
  "actualBalloon",
  "rss",
  "usable",
  "lastUpdate",
  "diskCaches",
  "hugetlbAllocations",
  "hugetlbFailures",
] as const;
export type MemoryStats = { [Name in (typeof memoryStats)[number]]?: number };

/** Only what the hypervisor and the guest's balloon driver tell. */
export async function getMemoryStats(
  connection: Connection,
  domain: Domain,
  options?: CallOptions,
): Promise<MemoryStats> {
  const wanted = { dom: domain, maxStats: memoryStats.length, flags: 0 };
  const { stats } = await connection.call(remote.domainMemoryStats, wanted, options);
  return Object.fromEntries(
    stats.flatMap(({ tag, val }) => (memoryStats[tag] ? [[memoryStats[tag], Number(val)]] : [])),
  );
}
