// Objects for the executor's tests: an instance, its launcher pod, its domain. What a test does not name is ordinary.
import { launcherContainer, type NetworkInterface, type VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import { DomainPhase, type DomainState } from "@knvirt/proto";

export const node = "node01";
export const at = (time: string): Date => new Date(`2026-01-02T${time}Z`);

export function aVmi(changes: Partial<VirtualMachineInstance> = {}): VirtualMachineInstance {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstance",
    metadata: { namespace: "default", name: "web", uid: "vmi-uid", resourceVersion: "7" },
    spec: {
      domain: {
        cpu: { cores: 2 },
        memory: { guest: "64Mi" },
        devices: { interfaces: [{ name: "default", masquerade: {} }] },
      },
      networks: [{ name: "default", pod: {} }],
      volumes: [{ name: "scratch", emptyDisk: { capacity: "1Gi" } }],
    },
    status: { nodeName: node },
    ...changes,
  };
}

/** On the pod's network. */
export const aVmiWithInterface = (changes: Partial<NetworkInterface> = {}): VirtualMachineInstance =>
  aVmi({
    spec: {
      domain: { devices: { interfaces: [{ name: "default", masquerade: {}, ...changes }] } },
      networks: [{ name: "default", pod: {} }],
    },
  });

export interface PodOptions {
  uid?: string;
  ready?: boolean;
  deletionTimestamp?: string;
  kvm?: boolean;
}

export function aPod({ uid = "pod-uid", ready = true, deletionTimestamp, kvm = false }: PodOptions = {}): Pod {
  const startedAt = at("12:00:00").toISOString();
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace: "default",
      name: "virt-launcher-web",
      uid,
      labels: { "kubevirt.io": "virt-launcher", "kubevirt.io/created-by": "vmi-uid" },
      annotations: { "kubevirt.io/memory-overhead-bytes": "62914560" },
      ...(deletionTimestamp && { deletionTimestamp }),
    },
    spec: {
      nodeName: node,
      containers: [
        {
          name: launcherContainer,
          image: "knvirt.dev/launcher:dev",
          ...(kvm && { resources: { limits: { "devices.kubevirt.io/kvm": "1" } } }),
        },
      ],
    },
    status: {
      phase: "Running",
      podIP: "10.88.0.5",
      podIPs: [{ ip: "10.88.0.5" }],
      startTime: startedAt,
      qosClass: "Burstable",
      conditions: [{ type: "Ready", status: ready ? "True" : "False", lastTransitionTime: startedAt }],
      containerStatuses: [
        {
          name: launcherContainer,
          image: "knvirt.dev/launcher:dev",
          imageID: "sha256:0123",
          ready,
          restartCount: 0,
          state: { running: { startedAt } },
        },
      ],
    },
  };
}

export const aDomain = (changes: Partial<DomainState> = {}): DomainState => ({
  phase: DomainPhase.DOMAIN_PHASE_RUNNING,
  reason: "booted",
  domainType: "qemu",
  machine: "pc-q35-7.2",
  startedAt: at("12:00:01").toISOString(),
  interfaces: [{ name: "default", mac: "06:00:00:00:00:01", tap: "tap0" }],
  disks: [{ name: "scratch", target: "vda" }],
  agentConnected: false,
  guestInterfaces: [],
  guest: undefined,
  events: [],
  ...changes,
});

export const absent: DomainState = {
  phase: DomainPhase.DOMAIN_PHASE_ABSENT,
  reason: "",
  domainType: "",
  machine: "",
  startedAt: "",
  interfaces: [],
  disks: [],
  agentConnected: false,
  guestInterfaces: [],
  guest: undefined,
  events: [],
};
