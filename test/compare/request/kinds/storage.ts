// Storage that no provisioner makes: claims and classes.
import type { Kind } from "./kind.ts";

export const claim: Kind = {
  ...{ kind: "PersistentVolumeClaim", apiVersion: "v1", plural: "persistentvolumeclaims", namespaced: true },
  content: {
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "local",
      resources: { requests: { storage: "1Gi" } },
    },
  },
  changes: [
    { spec: { volumeMode: "Block" } },
    { spec: { accessModes: ["ReadWriteOnce"] } },
    { spec: { accessModes: [] } },
    { spec: { accessModes: null } },
    { spec: { resources: { requests: { storage: "0" } } } },
    { spec: { resources: { requests: { storage: "a lot" } } } },
    { spec: { resources: { requests: { storage: "2Gi" } } } },
    { spec: { resources: { requests: { storage: null } } } },
    { spec: { resources: null } },
    { spec: null },
    { spec: { volumeMode: "Folder" } },
    { spec: { unheardOf: 1 } },
  ],
  statuses: [
    { status: { phase: "Bound", capacity: { storage: "1Gi" } } },
    { status: { phase: "Lost" } },
    { status: { phase: 1 } },
  ],
  fields: [],
};

export const storageClass: Kind = {
  ...{ kind: "StorageClass", apiVersion: "storage.k8s.io/v1", plural: "storageclasses", namespaced: false },
  content: { provisioner: "compare.knvirt.dev/none", volumeBindingMode: "WaitForFirstConsumer" },
  changes: [
    { parameters: { a: "b" } },
    { parameters: { a: 1 } },
    { provisioner: "other.knvirt.dev/none" },
    { provisioner: null },
    { reclaimPolicy: "Keep" },
    { volumeBindingMode: "Sometime" },
    { allowVolumeExpansion: false },
    { unheardOf: 1 },
  ],
  fields: [],
};
