// Every deterministic object name, label and annotation key, and every path inside a launcher pod.
import type { Key } from "@knvirt/kubernetes";
import { sha1, uuidV5 } from "./uuid.ts";

export const label = {
  app: "kubevirt.io",
  createdBy: "kubevirt.io/created-by",
  nodeName: "kubevirt.io/nodeName",
  vmName: "vm.kubevirt.io/name",
  vmiId: "vmi.kubevirt.io/id",
  schedulable: "kubevirt.io/schedulable",
} as const;

export const annotation = {
  domain: "kubevirt.io/domain",
  vmGeneration: "kubevirt.io/vm-generation",
  memoryOverheadBytes: "kubevirt.io/memory-overhead-bytes",
  /** Of a launcher pod: sizes of the disks that are made in claims, in bytes, as JSON by volume. */
  diskBytes: "knvirt.dev/disk-bytes",
  defaultContainer: "kubectl.kubernetes.io/default-container",
  /** Of a node: when its executor last said that it lives. */
  heartbeat: "kubevirt.io/heartbeat",
  /** Of a node: the certificate by which its executor is known, as PEM; while it is renewed, the next one beside it. */
  executorCertificate: "knvirt.dev/executor-certificate",
} as const;

export const finalizer = {
  vm: "kubevirt.io/virtualMachineControllerFinalize",
  vmi: "kubevirt.io/foregroundDeleteVirtualMachine",
} as const;

const longestLabelValue = 63;

/** A name as the value of a label: what is too long ends in a hash of itself, as upstream. */
export function labelValueOf(name: string): string {
  if (name.length <= longestLabelValue) return name;
  const hash = Array.from(sha1(new TextEncoder().encode(name)), (byte) => byte.toString(16).padStart(2, "0"));
  return `${name.slice(0, longestLabelValue - 9)}-${hash.slice(0, 4).join("")}`;
}

/** By which launcher pods are selected. */
export const launcherApp = "virt-launcher";
export const launcherSelector = `${label.app}=${launcherApp}`;

export const launcherContainer = "compute";
/** User and group of everything in a launcher pod, as upstream. */
export const launcherUser = 107;

const launcherPrefix = "virt-launcher-";
/** A pod's name has 253 characters at most. */
export const longestVmiName = 253 - launcherPrefix.length;

/** One name for each VMI, so that a second launcher of the same VMI cannot exist. */
export const launcherPodName = (vmiName: string): string => launcherPrefix + vmiName;

/** The VMI of a launcher pod, known from the name alone, so that an event of a deleted pod still finds it. */
export const vmiOfLauncherPod = ({ namespace, name }: Key): Key | undefined =>
  name.startsWith(launcherPrefix)
    ? { ...(namespace !== undefined && { namespace }), name: name.slice(launcherPrefix.length) }
    : undefined;

/** A pod's volume has no dots in its name, which a Secret may have: then it ends in a hash of itself. */
const labelOf = (name: string): string =>
  name.includes(".") ? `${name.replaceAll(".", "-")}-${uuidV5(volumeNamespace, name).slice(0, 8)}` : name;

const longestVolumeName = 63;

/** A pod's volume has a name of 63 characters at most, and so has a VMI's: what is too long ends in a hash of itself. */
function podVolume(purpose: string, volume: string, suffix = ""): string {
  const name = `${purpose}-${volume}${suffix}`;
  if (name.length <= longestVolumeName) return name;
  return `${name.slice(0, longestVolumeName - 9)}-${uuidV5(volumeNamespace, name).slice(0, 8)}`;
}

const volumeNamespace = "0c1f3a52-6a59-4d31-9a0c-0d4c3f0f6a11";

/** Volumes of a launcher pod. */
export const launcherVolume = {
  sockets: "sockets",
  private: "private",
  disks: "disks",
  /** In memory: what came out of Secrets is nowhere else. */
  generated: "generated",
  kernelBoot: "kernel-boot",
  accessCredential: (secret: string): string => podVolume("access-credential", labelOf(secret)),
  tools: "tools",
  claim: (volume: string): string => podVolume("claim", volume),
  hostDisk: (volume: string): string => podVolume("hostdisk", volume),
  configuration: (volume: string): string => podVolume("configuration", volume),
  containerDisk: (volume: string): string => podVolume("containerdisk", volume),
  userData: (volume: string): string => podVolume("cloudinit", volume, "-user"),
  networkData: (volume: string): string => podVolume("cloudinit", volume, "-network"),
} as const;

/** Where they are mounted in its container. */
export const launcherPath = {
  sockets: "/var/run/knvirt/sockets",
  private: "/var/run/knvirt/private",
  disks: "/var/run/knvirt/disks",
  generated: "/var/run/knvirt/generated",
  kernelBoot: "/var/run/knvirt/kernel-boot",
  accessCredential: (secret: string): string => `/var/run/knvirt/access-credentials/${secret}`,
  // The executor walks there and follows no link, and /var/run is one as a rule.
  claim: (volume: string): string => `/run/knvirt/claims/${volume}`,
  claimDevice: (volume: string): string => `/dev/knvirt/${volume}`,
  hostDisk: (volume: string): string => `/run/knvirt/host-disks/${volume}`,
  configuration: (volume: string): string => `/var/run/knvirt/configuration/${volume}`,
  serviceAccount: "/var/run/secrets/kubernetes.io/serviceaccount",
  containerDisk: (volume: string): string => `/var/run/knvirt/container-disks/${volume}`,
  userData: (volume: string): string => `/var/run/knvirt/secrets/${volume}/user`,
  networkData: (volume: string): string => `/var/run/knvirt/secrets/${volume}/network`,
} as const;

/** The disk in a claim that is a file system, as upstream. */
export const claimDisk = "disk.img";

/** In the volume `private`: what the serial console said. */
export const serialLogFile = "serial0.log";

/** Sockets in the volume `sockets`. */
export const launcherSocket = { grpc: "launcher.sock", serial: "serial0.sock", vnc: "vnc.sock" } as const;

/** Environment of the launcher. */
export const launcherEnvironment = {
  namespace: "KNVIRT_VMI_NAMESPACE",
  name: "KNVIRT_VMI_NAME",
  uid: "KNVIRT_VMI_UID",
  graceSeconds: "KNVIRT_GRACE_SECONDS",
} as const;

/** Programs in the launcher's image that others start, each with the words before its own. */
export const launcherProgram = {
  probe: ["/opt/knvirt/node", "--lite-mode", "--max-semi-space-size=1", "/opt/knvirt/launcher-probe.js"],
} as const;

/** Why a container does not come up, in kubelet's words: what people can do something about. */
export const containerProblems: readonly string[] = [
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
];

const launcherProblems: readonly string[] = [...containerProblems, "FailedCreate", "FailedPvcNotFound"];

/** Why an instance is not Synchronized before its launcher runs: the control plane says so, and takes it back. Without a
 * reason it is what is left of that when an executor gave one of its own and took it back. */
export const isLauncherProblem = (reason: string | undefined): boolean =>
  !reason || launcherProblems.includes(reason);

/** Why an instance is not ready, or has failed: its node is not heard of. Upstream's word. */
export const nodeUnresponsive = "NodeUnresponsive";

/** Exit codes of the launcher; every other one means that it died and is to be started again. */
export const launcherExit = { guestEnded: 0, failed: 10 } as const;

export const domainName = ({ namespace, name }: { namespace: string; name: string }): string =>
  `${namespace}_${name}`;

export const deviceResource = {
  kvm: "devices.kubevirt.io/kvm",
  tun: "devices.kubevirt.io/tun",
  vhostNet: "devices.kubevirt.io/vhost-net",
} as const;
