// What a VMI's spec means where it is silent. Every component reads the spec through this, so all see the same machine.
import { parseQuantity } from "@knvirt/kubernetes";
import type { VirtualMachineInstance, VmiSpec } from "./vmi.ts";

type Devices = NonNullable<VmiSpec["domain"]["devices"]>;
export type Disk = NonNullable<Devices["disks"]>[number];
export type NetworkInterface = NonNullable<Devices["interfaces"]>[number];

const defaultGraceSeconds = 30;

export const graceSecondsOf = ({ terminationGracePeriodSeconds }: VmiSpec): number =>
  terminationGracePeriodSeconds ?? defaultGraceSeconds;

/** Disks in order; a volume without a disk gets a plain one. */
export function disksOf({ domain, volumes = [] }: VmiSpec): Disk[] {
  const disks = domain.devices?.disks ?? [];
  const named = new Set(disks.map(({ name }) => name));
  return [...disks, ...volumes.filter(({ name }) => !named.has(name)).map(({ name }) => ({ name, disk: {} }))];
}

/** Interfaces in order; with none and no network, the pod network by masquerade unless that is switched off. */
export function interfacesOf({ domain, networks = [] }: VmiSpec): NetworkInterface[] {
  const { interfaces = [], autoattachPodInterface = true } = domain.devices ?? {};
  if (interfaces.length > 0 || networks.length > 0 || !autoattachPodInterface) return interfaces;
  return [{ name: "default", masquerade: {} }];
}

export interface CpuTopology {
  sockets: number;
  cores: number;
  threads: number;
}

/** When no part of the topology is given, sockets follow the CPU limit, else the request. */
export function cpuTopologyOf({ domain: { cpu, resources } }: VmiSpec): CpuTopology {
  const { sockets, cores, threads } = cpu ?? {};
  const asked = resources?.limits?.cpu ?? resources?.requests?.cpu;
  const implied = sockets || cores || threads || asked === undefined ? 1 : parseQuantity(asked);
  return { sockets: sockets ?? implied, cores: cores ?? 1, threads: threads ?? 1 };
}

export const vcpusOf = (spec: VmiSpec): number => {
  const { sockets, cores, threads } = cpuTopologyOf(spec);
  return sockets * cores * threads;
};

/** As many as the kernel gives a tap device. */
const mostQueues = 256;

/** Only virtio has more than one: as many as there are CPUs to serve them. */
export const queuesOf = (spec: VmiSpec, { model = "virtio" }: NetworkInterface): number =>
  spec.domain.devices?.networkInterfaceMultiqueue && model === "virtio" ? Math.min(vcpusOf(spec), mostQueues) : 1;

/** In bytes; undefined when neither guest memory nor a request, a limit or the size of a huge page says it. */
export function guestMemoryOf(spec: VmiSpec): number | undefined {
  const { memory, resources } = spec.domain;
  const asked = memory?.guest ?? resources?.requests?.memory ?? resources?.limits?.memory;
  return asked === undefined ? hugepageSizeOf(spec) : parseQuantity(asked);
}

const defaultHugepage = "2Mi";

/** In bytes; undefined when the guest's memory is made of ordinary pages. */
export function hugepageSizeOf({ domain: { memory } }: VmiSpec): number | undefined {
  return memory?.hugepages && parseQuantity(memory.hugepages.pageSize ?? defaultHugepage);
}

/** The guest's host name: what the spec says, else the instance's name up to the first dot. */
export const hostnameOf = ({ metadata, spec }: VirtualMachineInstance): string =>
  spec.hostname ?? (metadata.name.split(".")[0] ?? metadata.name).slice(0, 63).replace(/-+$/, "");

/** The UUID the guest sees; without one in the spec it is the instance's own. */
export const firmwareUuidOf = ({ metadata, spec }: VirtualMachineInstance): string | undefined =>
  spec.domain.firmware?.uuid ?? metadata.uid;

/** Names of the claims behind volumes, by volume. */
export const volumeClaims = ({ volumes = [] }: VmiSpec): Record<string, string> =>
  Object.fromEntries(
    volumes.flatMap(({ name, persistentVolumeClaim, dataVolume, ephemeral }) => {
      const claim =
        persistentVolumeClaim?.claimName ?? dataVolume?.name ?? ephemeral?.persistentVolumeClaim.claimName;
      return claim === undefined ? [] : [[name, claim]];
    }),
  );
