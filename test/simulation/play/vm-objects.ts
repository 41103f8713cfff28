// The objects that users make: VMs and instances with a claim as their disk, and what these need.
import { launcherPodName, type VirtualMachine, type VirtualMachineInstance, type VmiSpec } from "@knvirt/api";
import type { KubernetesObject, PersistentVolumeClaim, Pod } from "@knvirt/kubernetes";
import type { Deed, OfKind, Wanted } from "../plan/plan.ts";

export const namespace = "default";

export const claimName = (vm: string): string => `disk-of-${vm}`;

export const claimOf = (vm: string): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { namespace, name: claimName(vm) },
  spec: {
    accessModes: ["ReadWriteOnce"],
    volumeMode: "Block",
    resources: { requests: { storage: "1Gi" } },
    storageClassName: "local",
  },
  status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } },
});

type Volume = NonNullable<VmiSpec["volumes"]>[number];

const volumesOf = (vm: string, { containerDisk, isVolatile }: Wanted): Volume[] => [
  ...(isVolatile ? [] : [{ name: "root", persistentVolumeClaim: { claimName: claimName(vm) } }]),
  ...(containerDisk || isVolatile ? [{ name: "image", containerDisk: { image: "example.com/image:1" } }] : []),
];

function specOf(vm: string, wanted: Wanted): VmiSpec {
  const { cores, graceSeconds } = wanted;
  const volumes = volumesOf(vm, wanted);
  return {
    terminationGracePeriodSeconds: graceSeconds,
    domain: {
      cpu: { cores },
      memory: { guest: "64Mi" },
      devices: {
        disks: volumes.map(({ name }) => ({ name, disk: { bus: "virtio" as const } })),
        interfaces: [{ name: "default", masquerade: {} }],
      },
    },
    networks: [{ name: "default", pod: {} }],
    volumes,
  };
}

export function virtualMachine(deed: OfKind<Deed, "createVm">): VirtualMachine {
  const { vm, strategy, saysRunning } = deed;
  const isSaid = saysRunning && (strategy === "Always" || strategy === "Halted");
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { namespace, name: vm },
    spec: {
      ...(isSaid ? { running: strategy === "Always" } : { runStrategy: strategy }),
      template: { metadata: { labels: { app: vm } }, spec: specOf(vm, deed) },
    },
  };
}

export const virtualMachineInstance = (deed: OfKind<Deed, "createVmi">): VirtualMachineInstance => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachineInstance",
  metadata: { namespace, name: deed.vm },
  spec: specOf(deed.vm, deed),
});

/** One that no VM answers for, but what else there is. */
export const foreignInstance = (
  { kind: _, ...deed }: OfKind<Deed, "foreignVmi">,
  { apiVersion, kind, metadata: { name, uid = "" } }: PersistentVolumeClaim,
): VirtualMachineInstance => {
  const { metadata, ...rest } = virtualMachineInstance({ kind: "createVmi", ...deed });
  return { ...rest, metadata: { ...metadata, ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] } };
};

export const isForeignInstance = ({ metadata }: KubernetesObject): boolean =>
  metadata.ownerReferences?.some(({ kind }) => kind === "PersistentVolumeClaim") ?? false;

const foreignLabels = { app: "somebody-elses" };

export const isForeign = ({ metadata }: KubernetesObject): boolean => metadata.labels?.app === foreignLabels.app;

/** Somebody else's, in the way of the launcher. */
export const foreignPod = (vm: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace, name: launcherPodName(vm), labels: foreignLabels },
  spec: {
    ...{ automountServiceAccountToken: false, enableServiceLinks: false },
    containers: [{ name: "main", image: "example.com/other:1" }],
  },
});
