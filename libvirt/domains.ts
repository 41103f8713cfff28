// Domains: finding, defining, starting and stopping them, and what they are. No serial, buffer or number passes here.
import type { CallOptions, Connection } from "./connection.ts";
import { type DomainState, domainState } from "./domain-states.ts";
import { isLibvirtError } from "./errors.ts";
import * as flags from "./flags.ts";
import { bits, type Flags } from "./flags.ts";
import { remote } from "./procedures.ts";
import type { Domain } from "./types.ts";

type Options<T = object> = CallOptions & Flags<T>;

/** Undefined when libvirt knows no such domain; every other failure is thrown. */
export async function findDomain(
  connection: Connection,
  name: string,
  options?: Options,
): Promise<Domain | undefined> {
  return orUndefined(connection.call(remote.domainLookupByName, { name }, options));
}

export async function findDomainByUuid(
  connection: Connection,
  uuid: string,
  options?: Options,
): Promise<Domain | undefined> {
  return orUndefined(connection.call(remote.domainLookupByUuid, { uuid }, options));
}

async function orUndefined(lookup: Promise<{ dom: Domain }>): Promise<Domain | undefined> {
  try {
    return (await lookup).dom;
  } catch (error) {
    if (isLibvirtError(error, "noDomain")) return undefined;
    throw error;
  }
}

export async function listDomains(
  connection: Connection,
  options: Options<typeof flags.listFlags> = {},
): Promise<Domain[]> {
  const wanted = { need_results: 1, flags: bits(flags.listFlags, options) };
  return (await connection.call(remote.connectListAllDomains, wanted, options)).domains;
}

/** Makes the domain known; an existing one of the same name and uuid gets the new definition. */
export async function defineDomain(
  connection: Connection,
  xml: string,
  options: Options<typeof flags.defineFlags> = {},
): Promise<Domain> {
  const wanted = { xml, flags: bits(flags.defineFlags, options) };
  return (await connection.call(remote.domainDefineXmlFlags, wanted, options)).dom;
}

/** Starts a defined domain. */
export async function createDomain(
  connection: Connection,
  domain: Domain,
  options: Options<typeof flags.createFlags> = {},
): Promise<Domain> {
  const wanted = { dom: domain, flags: bits(flags.createFlags, options) };
  return (await connection.call(remote.domainCreateWithFlags, wanted, options)).dom;
}

/** Starts a domain that libvirt forgets when it stops. */
export async function createTransientDomain(
  connection: Connection,
  xml: string,
  options: Options<typeof flags.createFlags> = {},
): Promise<Domain> {
  const wanted = { xml_desc: xml, flags: bits(flags.createFlags, options) };
  return (await connection.call(remote.domainCreateXml, wanted, options)).dom;
}

export async function suspendDomain(connection: Connection, domain: Domain, options?: Options): Promise<void> {
  await connection.call(remote.domainSuspend, { dom: domain }, options);
}

export async function resumeDomain(connection: Connection, domain: Domain, options?: Options): Promise<void> {
  await connection.call(remote.domainResume, { dom: domain }, options);
}

/** Asks the guest; answers when it was asked. The lifecycle event tells when it followed. */
export async function shutdownDomain(
  connection: Connection,
  domain: Domain,
  options: Options<typeof flags.shutdownFlags> = {},
): Promise<void> {
  await connection.call(
    remote.domainShutdownFlags,
    { dom: domain, flags: bits(flags.shutdownFlags, options) },
    options,
  );
}

export async function rebootDomain(
  connection: Connection,
  domain: Domain,
  options: Options<typeof flags.shutdownFlags> = {},
): Promise<void> {
  await connection.call(remote.domainReboot, { dom: domain, flags: bits(flags.shutdownFlags, options) }, options);
}

export async function resetDomain(connection: Connection, domain: Domain, options?: Options): Promise<void> {
  await connection.call(remote.domainReset, { dom: domain, flags: 0 }, options);
}

/** Ends the hypervisor's process. Graceful gives it SIGTERM only, and fails when that does not suffice. */
export async function destroyDomain(
  connection: Connection,
  domain: Domain,
  options: Options<typeof flags.destroyFlags> = {},
): Promise<void> {
  await connection.call(
    remote.domainDestroyFlags,
    { dom: domain, flags: bits(flags.destroyFlags, options) },
    options,
  );
}

export async function undefineDomain(
  connection: Connection,
  domain: Domain,
  options: Options<typeof flags.undefineFlags> = {},
): Promise<void> {
  await connection.call(
    remote.domainUndefineFlags,
    { dom: domain, flags: bits(flags.undefineFlags, options) },
    options,
  );
}

export async function injectNmi(connection: Connection, domain: Domain, options?: Options): Promise<void> {
  await connection.call(remote.domainInjectNmi, { dom: domain, flags: 0 }, options);
}

export async function getDomainState(
  connection: Connection,
  domain: Domain,
  options?: Options,
): Promise<DomainState> {
  const { state, reason } = await connection.call(remote.domainGetState, { dom: domain, flags: 0 }, options);
  return domainState(state, reason);
}

export async function getDomainXml(
  connection: Connection,
  domain: Domain,
  options: Options<typeof flags.xmlFlags> = {},
): Promise<string> {
  const wanted = { dom: domain, flags: bits(flags.xmlFlags, options) };
  return (await connection.call(remote.domainGetXmlDesc, wanted, options)).xml;
}

export interface DomainInfo {
  state: DomainState["state"];
  maxMemoryKib: number;
  memoryKib: number;
  vcpus: number;
  cpuTimeNs: bigint;
}

export async function getDomainInfo(connection: Connection, domain: Domain, options?: Options): Promise<DomainInfo> {
  const info = await connection.call(remote.domainGetInfo, { dom: domain }, options);
  return {
    state: domainState(info.state, 0).state,
    maxMemoryKib: Number(info.maxMem),
    memoryKib: Number(info.memory),
    vcpus: info.nrVirtCpu,
    cpuTimeNs: info.cpuTime,
  };
}

/** What libvirt has to say about the domain: that it is tainted, or uses something deprecated. */
export async function getDomainMessages(
  connection: Connection,
  domain: Domain,
  options?: Options,
): Promise<string[]> {
  return (await connection.call(remote.domainGetMessages, { dom: domain, flags: 0 }, options)).msgs;
}

const elementMetadata = 2;

/** The domain's metadata element of that namespace; undefined when it has none. */
export async function findDomainMetadata(
  connection: Connection,
  domain: Domain,
  { uri, ...options }: Options<typeof flags.affectFlags> & { uri: string },
): Promise<string | undefined> {
  const wanted = { dom: domain, type: elementMetadata, uri, flags: bits(flags.affectFlags, options) };
  try {
    return (await connection.call(remote.domainGetMetadata, wanted, options)).metadata;
  } catch (error) {
    if (isLibvirtError(error, "noDomainMetadata")) return undefined;
    throw error;
  }
}

/** Sets the metadata element of that namespace; without one it is removed. */
export async function setDomainMetadata(
  connection: Connection,
  domain: Domain,
  {
    uri,
    prefix,
    element,
    ...options
  }: Options<typeof flags.affectFlags> & {
    uri: string;
    prefix: string;
    element?: string | undefined;
  },
): Promise<void> {
  const chosen = bits(flags.affectFlags, options);
  const wanted = { dom: domain, type: elementMetadata, metadata: element, key: prefix, uri, flags: chosen };
  await connection.call(remote.domainSetMetadata, wanted, options);
}
