// Changes to a domain's devices, processors and memory, in the running guest or in its definition.
import type { CallOptions, Connection } from "./connection.ts";
import { affectFlags, bits, type Flags, memoryFlags, vcpuFlags } from "./flags.ts";
import { remote } from "./procedures.ts";
import type { Domain } from "./types.ts";

type Affect = CallOptions & Flags<typeof affectFlags>;
type DeviceChange = Affect & { xml: string };

export async function attachDevice(
  connection: Connection,
  domain: Domain,
  { xml, ...options }: DeviceChange,
): Promise<void> {
  const wanted = { dom: domain, xml, flags: bits(affectFlags, options) };
  await connection.call(remote.domainAttachDeviceFlags, wanted, options);
}

/** Asks the guest to let go of the device; the event deviceRemoved tells when it did. */
export async function detachDevice(
  connection: Connection,
  domain: Domain,
  { alias, ...options }: Affect & { alias: string },
): Promise<void> {
  const wanted = { dom: domain, alias, flags: bits(affectFlags, options) };
  await connection.call(remote.domainDetachDeviceAlias, wanted, options);
}

export async function updateDevice(
  connection: Connection,
  domain: Domain,
  { xml, ...options }: DeviceChange,
): Promise<void> {
  const wanted = { dom: domain, xml, flags: bits(affectFlags, options) };
  await connection.call(remote.domainUpdateDeviceFlags, wanted, options);
}

export async function setVcpus(
  connection: Connection,
  domain: Domain,
  { vcpus, ...options }: CallOptions & Flags<typeof vcpuFlags> & { vcpus: number },
): Promise<void> {
  const wanted = { dom: domain, nvcpus: vcpus, flags: bits(vcpuFlags, options) };
  await connection.call(remote.domainSetVcpusFlags, wanted, options);
}

export async function setMemory(
  connection: Connection,
  domain: Domain,
  { memoryKib, ...options }: CallOptions & Flags<typeof memoryFlags> & { memoryKib: number },
): Promise<void> {
  const wanted = { dom: domain, memory: BigInt(memoryKib), flags: bits(memoryFlags, options) };
  await connection.call(remote.domainSetMemoryFlags, wanted, options);
}

/** How often the guest's balloon driver reports; 0 ends it. */
export async function setMemoryStatsPeriod(
  connection: Connection,
  domain: Domain,
  { periodSeconds, ...options }: Affect & { periodSeconds: number },
): Promise<void> {
  const wanted = { dom: domain, period: periodSeconds, flags: bits(affectFlags, options) };
  await connection.call(remote.domainSetMemoryStatsPeriod, wanted, options);
}
