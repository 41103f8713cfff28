// The devices of a node that launcher pods ask for, and what the kubelet is told of each. Pure but for the look at one.
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { deviceResource } from "@knvirt/api";
import type { devicePlugin } from "@knvirt/proto";

export interface NodeDevice {
  /** The plugin's socket and the ids of its devices are named after it. */
  name: string;
  resource: string;
  /** Steps below /dev, on the node as in a container. */
  steps: readonly string[];
}

export const nodeDevices: readonly NodeDevice[] = [
  { name: "kvm", resource: deviceResource.kvm, steps: ["kvm"] },
  { name: "tun", resource: deviceResource.tun, steps: ["net", "tun"] },
  { name: "vhost-net", resource: deviceResource.vhostNet, steps: ["vhost-net"] },
];

/** Every container that asks for it shares the one device: this many may. */
export function deviceList({ name }: NodeDevice, { count, isUsable }: { count: number; isUsable: boolean }) {
  const health = isUsable ? "Healthy" : "Unhealthy";
  const devices = Array.from({ length: count }, (_, index) => ({
    id: `${name}${index}`,
    health,
    topology: undefined,
  }));
  return { devices } satisfies devicePlugin.ListAndWatchResponse;
}

/** However many of its devices a container asks for, it is given the device node, to read and to write. */
export function allocation(
  { steps }: NodeDevice,
  { containerRequests }: devicePlugin.AllocateRequest,
): devicePlugin.AllocateResponse {
  const path = `/${join("dev", ...steps)}`;
  const devices = [{ containerPath: path, hostPath: path, permissions: "rw" }];
  const response = { envs: {}, mounts: [], devices, annotations: {}, cdiDevices: [] };
  return { containerResponses: containerRequests.map(() => response) };
}

/** The device node is there and its driver answers. Opening tun and vhost-net makes the kernel load it. */
export function isUsable({ steps }: NodeDevice, devDir: string): boolean {
  try {
    const descriptor = openSync(join(devDir, ...steps), constants.O_RDWR | constants.O_NONBLOCK);
    try {
      return fstatSync(descriptor).isCharacterDevice();
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}
