// Cgroup limits of a container from its requests and limits. Pure. Source: the kubelet's conversion rules.
import { parseMilli, parseQuantity, type ResourceRequirements } from "@knvirt/kubernetes";
import { type DeviceNode, deviceRules } from "./devices.ts";

const cpuPeriodMicroseconds = 100_000;
/** The kernel refuses less. */
const smallestQuotaMicroseconds = 1000;
const smallestShares = 2;
/** Processes and threads: many times what QEMU, libvirt and Node need; a fork bomb ends in its own pod. */
const pidsAtMost = 4096;

export function cgroupResources({ requests = {}, limits = {} }: ResourceRequirements = {}, devices: DeviceNode[]) {
  const requestedMilliCpu = Number(parseMilli(requests.cpu ?? limits.cpu ?? "0"));
  const quota = limits.cpu && (Number(parseMilli(limits.cpu)) * cpuPeriodMicroseconds) / 1000;
  return {
    devices: deviceRules(devices),
    pids: { limit: pidsAtMost },
    cpu: {
      shares: Math.max(smallestShares, Math.floor((requestedMilliCpu * 1024) / 1000)),
      ...(quota && { quota: Math.max(smallestQuotaMicroseconds, quota), period: cpuPeriodMicroseconds }),
    },
    ...(limits.memory !== undefined && { memory: { limit: parseQuantity(limits.memory) } }),
  };
}
