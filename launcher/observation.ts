// The domain as it is now, as others are told of it.
import { type Connection, findDomain, getDomainState, getDomainXml } from "@knvirt/libvirt";
import type { DomainState } from "@knvirt/proto";
import { type LiveDomain, liveDomain } from "./domain/live-domain.ts";
import { domainPhase } from "./domain-phase.ts";
import type { LifeRecord } from "./record.ts";

/** All of these calls are answered by the daemon alone, without QEMU. */
const timeoutMs = 10_000;

export async function observe(connection: Connection, name: string, record: LifeRecord): Promise<DomainState> {
  const domain = await findDomain(connection, name, { timeoutMs });
  const state = domain && (await getDomainState(connection, domain, { timeoutMs }));
  const live = domain && liveDomain(await getDomainXml(connection, domain, { timeoutMs }));
  return {
    ...domainPhase(state, record),
    ...(live ?? off),
    startedAt: record.startedAt ?? "",
    guestInterfaces: [],
    guest: undefined,
    events: record.events ?? [],
  };
}

const off: LiveDomain = { domainType: "", machine: "", interfaces: [], disks: [], agentConnected: false };
