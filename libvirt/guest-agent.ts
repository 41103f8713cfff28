// What only the agent inside the guest can tell or do, and QEMU's monitor. A hung agent holds its call: give a timeout.
import type { CallOptions, Connection } from "./connection.ts";
import { bits, type Flags, guestInfoTypes } from "./flags.ts";
import { qemu, remote } from "./procedures.ts";
import { plainValues } from "./typed-params.ts";
import type { Domain } from "./types.ts";

/** By libvirt's names: "hostname", "os.id", "fs.0.mountpoint", ... */
export async function getGuestInfo(
  connection: Connection,
  domain: Domain,
  { types = {}, ...options }: CallOptions & { types?: Flags<typeof guestInfoTypes> } = {},
): Promise<Record<string, number | boolean | string>> {
  const wanted = { dom: domain, types: bits(guestInfoTypes, types), flags: 0 };
  return plainValues((await connection.call(remote.domainGetGuestInfo, wanted, options)).params);
}

export interface GuestInterface {
  name: string;
  mac: string | undefined;
  addresses: { family: "ipv4" | "ipv6"; address: string; prefixLength: number }[];
}

const addressSources = { lease: 0, agent: 1, arp: 2 } as const;

export async function getInterfaceAddresses(
  connection: Connection,
  domain: Domain,
  { source = "agent", ...options }: CallOptions & { source?: keyof typeof addressSources } = {},
): Promise<GuestInterface[]> {
  const wanted = { dom: domain, source: addressSources[source], flags: 0 };
  const { ifaces } = await connection.call(remote.domainInterfaceAddresses, wanted, options);
  return ifaces.map(({ name, hwaddr, addrs }) => ({
    name,
    mac: hwaddr,
    addresses: addrs.map(({ type, addr, prefix }) => ({
      family: type === 0 ? "ipv4" : "ipv6",
      address: addr,
      prefixLength: prefix,
    })),
  }));
}

export interface GuestFilesystem {
  mountpoint: string;
  name: string;
  type: string;
  devices: string[];
}

export async function getFilesystems(
  connection: Connection,
  domain: Domain,
  options?: CallOptions,
): Promise<GuestFilesystem[]> {
  const { info } = await connection.call(remote.domainGetFsinfo, { dom: domain, flags: 0 }, options);
  return info.map(({ mountpoint, name, fstype, dev_aliases }) => ({
    mountpoint,
    name,
    type: fstype,
    devices: dev_aliases,
  }));
}

/** Answers how many filesystems stand still: all of the guest's. */
export async function freezeFilesystems(
  connection: Connection,
  domain: Domain,
  options?: CallOptions,
): Promise<number> {
  const wanted = { dom: domain, mountpoints: [], flags: 0 };
  return (await connection.call(remote.domainFsfreeze, wanted, options)).filesystems;
}

export async function thawFilesystems(
  connection: Connection,
  domain: Domain,
  options?: CallOptions,
): Promise<number> {
  const wanted = { dom: domain, mountpoints: [], flags: 0 };
  return (await connection.call(remote.domainFsthaw, wanted, options)).filesystems;
}

/** Of the guest's clock. */
export async function setGuestTime(
  connection: Connection,
  domain: Domain,
  { time, ...options }: CallOptions & { time: Date },
): Promise<void> {
  const ms = time.getTime();
  const wanted = { seconds: BigInt(Math.floor(ms / 1000)), nseconds: (ms % 1000) * 1_000_000 };
  await connection.call(remote.domainSetTime, { dom: domain, ...wanted, flags: 0 }, options);
}

const libvirtsOwnTimeout = -1;

/** One command of the agent's own protocol, JSON both ways. */
export async function callAgent(
  connection: Connection,
  domain: Domain,
  {
    command,
    agentTimeoutSeconds = libvirtsOwnTimeout,
    ...options
  }: CallOptions & {
    command: string;
    agentTimeoutSeconds?: number;
  },
): Promise<string | undefined> {
  const wanted = { dom: domain, cmd: command, timeout: agentTimeoutSeconds, flags: 0 };
  return (await connection.call(qemu.domainAgentCommand, wanted, options)).result;
}

/** One command of QEMU's monitor, JSON both ways. It taints the domain. */
export async function callMonitor(
  connection: Connection,
  domain: Domain,
  { command, ...options }: CallOptions & { command: string },
): Promise<string> {
  return (await connection.call(qemu.domainMonitorCommand, { dom: domain, cmd: command, flags: 0 }, options)).result;
}
