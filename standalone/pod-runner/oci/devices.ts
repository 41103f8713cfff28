// Device nodes a container gets: what its limits under devices.kubevirt.io ask for, as a device plugin would. Pure.

export interface DeviceNode {
  path: string;
  type: "c" | "b";
  major: number;
  minor: number;
}

/** Extended resource to device node. The executor of a cluster serves the same names by a device plugin. */
export const deviceResources: Record<string, string> = {
  "devices.kubevirt.io/kvm": "/dev/kvm",
  "devices.kubevirt.io/tun": "/dev/net/tun",
  "devices.kubevirt.io/vhost-net": "/dev/vhost-net",
};

export const requestedDevices = (limits: Record<string, string> = {}): string[] =>
  Object.entries(deviceResources).flatMap(([resource, path]) => (Number(limits[resource] ?? 0) > 0 ? [path] : []));

/** Usable by any user of the container: the limit in the pod is the permission. Block devices are root's, as in a
 * cluster: who runs the container's programs gives them to their user. */
export const deviceNodes = (devices: DeviceNode[]) =>
  devices.map((device) => ({ ...device, fileMode: device.type === "b" ? 0o660 : 0o666, uid: 0, gid: 0 }));

/** Nothing is allowed but these; the runtime adds the harmless ones (null, zero, random, tty, ...) itself. */
export const deviceRules = (devices: DeviceNode[]) => [
  { allow: false, access: "rwm" },
  ...devices.map(({ type, major, minor }) => ({ allow: true, type, major, minor, access: "rw" })),
];
