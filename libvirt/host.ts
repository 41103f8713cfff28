// The hypervisor's host: versions, capabilities, hardware; nothing about a single domain.
import type { CallOptions, Connection } from "./connection.ts";
import { remote } from "./procedures.ts";

/** libvirt packs a version into one number: major * 1,000,000 + minor * 1,000 + release. */
const version = (packed: bigint): string => `${packed / 1_000_000n}.${(packed / 1000n) % 1000n}.${packed % 1000n}`;

export async function getLibvirtVersion(connection: Connection, options?: CallOptions): Promise<string> {
  return version((await connection.call(remote.connectGetLibVersion, {}, options)).lib_ver);
}

/** Of the hypervisor: QEMU's, for a connection to QEMU. */
export async function getHypervisorVersion(connection: Connection, options?: CallOptions): Promise<string> {
  return version((await connection.call(remote.connectGetVersion, {}, options)).hv_ver);
}

/** "QEMU", "TEST" and the like. */
export async function getHypervisorType(connection: Connection, options?: CallOptions): Promise<string> {
  return (await connection.call(remote.connectGetType, {}, options)).type;
}

export async function getHostname(connection: Connection, options?: CallOptions): Promise<string> {
  return (await connection.call(remote.connectGetHostname, {}, options)).hostname;
}

export async function getUri(connection: Connection, options?: CallOptions): Promise<string> {
  return (await connection.call(remote.connectGetUri, {}, options)).uri;
}

/** The host's capabilities as XML. The first call makes the daemon probe every QEMU binary it finds. */
export async function getCapabilities(connection: Connection, options?: CallOptions): Promise<string> {
  return (await connection.call(remote.connectGetCapabilities, {}, options)).capabilities;
}

export interface DomainKind {
  emulator?: string | undefined;
  architecture?: string | undefined;
  machine?: string | undefined;
  virtType?: string | undefined;
}

/** What a domain of this kind could have here, as XML. */
export async function getDomainCapabilities(
  connection: Connection,
  { emulator, architecture, machine, virtType, ...options }: DomainKind & CallOptions = {},
): Promise<string> {
  const wanted = { emulatorbin: emulator, arch: architecture, machine, virttype: virtType, flags: 0 };
  return (await connection.call(remote.connectGetDomainCapabilities, wanted, options)).capabilities;
}

export async function getCpuModels(
  connection: Connection,
  architecture: string,
  options?: CallOptions,
): Promise<string[]> {
  const wanted = { arch: architecture, need_results: 1, flags: 0 };
  return (await connection.call(remote.connectGetCpuModelNames, wanted, options)).models;
}

export interface NodeInfo {
  cpuModel: string;
  memoryKib: number;
  cpus: number;
  mhz: number;
  numaNodes: number;
  sockets: number;
  cores: number;
  threads: number;
}

export async function getNodeInfo(connection: Connection, options?: CallOptions): Promise<NodeInfo> {
  const info = await connection.call(remote.nodeGetInfo, {}, options);
  const { cpus, mhz, sockets, cores, threads } = info;
  return {
    cpuModel: info.model,
    memoryKib: Number(info.memory),
    cpus,
    mhz,
    numaNodes: info.nodes,
    sockets,
    cores,
    threads,
  };
}
