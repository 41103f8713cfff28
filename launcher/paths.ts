// Where everything lies in the launcher pod.
import { join } from "node:path";
import { launcherPath, launcherSocket } from "@knvirt/api";

export interface Paths {
  grpcSocket: string;
  serialSocket: string;
  vncSocket: string;
  /** Only ours: libvirt's directories, logs, what must survive a restart of this process. */
  private: string;
  /** Disks made for this one run of the guest. */
  disks: string;
  kernelBoot: string;
  accessCredential(secret: string): string;
  /** In memory: images made of what may be secret. */
  generated: string;
  serviceAccount: string;
  /** A claim that is a file system. */
  claim(volume: string): string;
  /** A claim that is a block device. */
  claimDevice(volume: string): string;
  hostDisk(volume: string): string;
  configuration(volume: string): string;
  containerDisk(volume: string): string;
  userData(volume: string): string;
  networkData(volume: string): string;
  /** libvirt's drivers that are loaded; all that are installed when there is no such directory. */
  drivers: string;
  /** The kubelet shows what stands there as the container's last words. */
  terminationLog: string;
}

/** Below another root than the pod's own, every path is the same: so tests run many launchers on one machine. */
export const pathsBelow = (root: string): Paths => ({
  grpcSocket: join(root, launcherPath.sockets, launcherSocket.grpc),
  serialSocket: join(root, launcherPath.sockets, launcherSocket.serial),
  vncSocket: join(root, launcherPath.sockets, launcherSocket.vnc),
  private: join(root, launcherPath.private),
  disks: join(root, launcherPath.disks),
  kernelBoot: join(root, launcherPath.kernelBoot),
  accessCredential: (secret) => join(root, launcherPath.accessCredential(secret)),
  generated: join(root, launcherPath.generated),
  serviceAccount: join(root, launcherPath.serviceAccount),
  claim: (volume) => join(root, launcherPath.claim(volume)),
  claimDevice: (volume) => join(root, launcherPath.claimDevice(volume)),
  hostDisk: (volume) => join(root, launcherPath.hostDisk(volume)),
  configuration: (volume) => join(root, launcherPath.configuration(volume)),
  containerDisk: (volume) => join(root, launcherPath.containerDisk(volume)),
  userData: (volume) => join(root, launcherPath.userData(volume)),
  networkData: (volume) => join(root, launcherPath.networkData(volume)),
  drivers: "/opt/knvirt/drivers",
  terminationLog: join(root, "/dev/termination-log"),
});
