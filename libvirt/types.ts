// The structures that several procedures share, with the field names of libvirt's protocol files.
import { typedParam } from "./typed-params.ts";
import { array, bytes, int32, optional, string, struct, uint32, uint64, uuid } from "./xdr.ts";

/** The daemon finds a domain by its uuid; id is -1 while it is off, and may be out of date. */
export const domain = struct({ name: string, uuid, id: int32 });
export type Domain = ReturnType<(typeof domain)["read"]>;

export const network = struct({ name: string, uuid });
export const storageVolume = struct({ pool: string, name: string, key: string });
export const snapshot = struct({ name: string, dom: domain });
export const checkpoint = struct({ name: string, dom: domain });
export const statsRecord = struct({ dom: domain, params: array(typedParam) });
export const memoryStat = struct({ tag: int32, val: uint64 });
export const vcpuInfo = struct({ number: uint32, state: int32, cpu_time: uint64, cpu: int32 });
export const ioThreadInfo = struct({ iothread_id: uint32, cpumap: bytes });
export const diskError = struct({ disk: string, error: int32 });
export const filesystem = struct({ mountpoint: string, name: string, fstype: string, dev_aliases: array(string) });
const guestAddress = struct({ type: int32, addr: string, prefix: uint32 });
export const guestInterface = struct({ name: string, hwaddr: optional(string), addrs: array(guestAddress) });
export const graphicsAddress = struct({ family: int32, node: string, service: string });
export const graphicsIdentity = struct({ type: string, name: string });
