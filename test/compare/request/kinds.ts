// The kinds that requests are about: where they are, a manifest that both servers take, and what may be changed in it.
import { podChanges, podManifest } from "./pods.ts";

/** Of the comparison alone, on whatever cluster it runs. */
export const namespace = "compare";
export const group = "compare.kubevirt.io";

export interface Kind {
  kind: string;
  apiVersion: string;
  plural: string;
  namespaced: boolean;
  /** Beside metadata. */
  content: object;
  /** Merge patches of the content, good ones and bad ones. */
  changes: object[];
  /** Merge patches of the status; undefined where it has no endpoint. */
  statuses?: object[];
  /** Field selectors beside those on metadata. */
  fields: string[];
}

export const collectionPath = ({ apiVersion, plural, namespaced }: Kind): string =>
  `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}${namespaced ? `/namespaces/${namespace}` : ""}/${plural}`;

const ours = `${group}/v1`;
const guest = { domain: { memory: { guest: "64Mi" } } };
const condition = (status: string) => ({ type: "Ready", status, lastTransitionTime: "2026-01-01T00:00:00Z" });

const virtualMachine: Kind = {
  ...{ kind: "VirtualMachine", apiVersion: ours, plural: "virtualmachines", namespaced: true },
  content: { spec: { runStrategy: "Halted", template: { spec: guest } } },
  changes: [
    { spec: { runStrategy: "Always" } },
    { spec: { runStrategy: "Sometimes" } },
    { spec: { running: true } },
    { spec: { runStrategy: null, running: true } },
    { spec: { template: { metadata: { labels: { a: "b" } } } } },
    { spec: { template: { spec: { domain: { cpu: { cores: 2 } } } } } },
    { spec: { template: { spec: { domain: { cpu: { cores: "two" } } } } } },
    { spec: { template: { spec: { domain: { cpu: { cores: -1 } } } } } },
    { spec: { template: { spec: { terminationGracePeriodSeconds: 5 } } } },
    { spec: { template: { spec: { unheardOf: { a: 1 } } } } },
    { spec: { unheardOf: 1 }, alsoUnheardOf: "x" },
    { spec: { template: null } },
    { spec: null },
    { spec: [] },
    { spec: { template: { spec: { volumes: [{ name: "a", emptyDisk: { capacity: "1Gi" } }] } } } },
    { spec: { template: { spec: { volumes: [{ name: "a" }, { name: "a" }] } } } },
    { spec: { template: { spec: { networks: [{ name: "default", pod: {} }] } } } },
  ],
  statuses: [
    { status: { printableStatus: "Running", ready: true } },
    { status: { ready: "yes" } },
    { status: { conditions: [condition("True")] } },
    { status: { conditions: [{ status: "True" }] } },
    { status: null },
    { status: { unheardOf: 1 } },
    { status: { created: true }, spec: { runStrategy: "Always" } },
  ],
  fields: ["spec.runStrategy=Halted"],
};

const instance: Kind = {
  ...{ kind: "VirtualMachineInstance", apiVersion: ours, plural: "virtualmachineinstances", namespaced: true },
  content: { spec: guest },
  changes: [
    { spec: { domain: { cpu: { cores: 2 } } } },
    { spec: { domain: { memory: { guest: "128Mi" } } } },
    { spec: { domain: { memory: { guest: 5 } } } },
    { spec: { terminationGracePeriodSeconds: 1 } },
    { spec: { nodeSelector: { zone: "a" } } },
    { spec: { evictionStrategy: "Never" } },
    { spec: { domain: null } },
    { spec: { domain: { devices: { disks: [{ name: "a", disk: { bus: "virtio" } }] } } } },
    { spec: { domain: { devices: { disks: [{ name: "a", disk: { bus: "floppy" } }] } } } },
    { spec: { unheardOf: true } },
  ],
  statuses: [
    { status: { phase: "Running", nodeName: "one" } },
    { status: { phase: "Succeeded" } },
    { status: { phase: "Weird" } },
    { status: { phase: 3 } },
    { status: { conditions: [condition("False")] } },
    { status: null },
  ],
  fields: ["status.phase=Running", "status.nodeName=one", "status.phase!=Running"],
};

const kubeVirt: Kind = {
  ...{ kind: "KubeVirt", apiVersion: ours, plural: "kubevirts", namespaced: true },
  content: { spec: {} },
  changes: [
    { spec: { configuration: { developerConfiguration: { useEmulation: true } } } },
    { spec: { configuration: { developerConfiguration: { useEmulation: "maybe" } } } },
    { spec: { configuration: { developerConfiguration: null } } },
    { spec: { configuration: { unheardOf: {} } } },
  ],
  statuses: [{ status: { phase: "Deployed" } }, { status: { phase: 1 } }],
  fields: [],
};

const configMap: Kind = {
  ...{ kind: "ConfigMap", apiVersion: "v1", plural: "configmaps", namespaced: true },
  content: { data: { a: "1" } },
  changes: [
    { data: { a: "2" } },
    { data: { b: "3", a: null } },
    { data: null },
    { data: { "not a key": "x" } },
    { data: { a: 5 } },
    { binaryData: { c: "AAECAw==" } },
    { binaryData: { c: "no base64!" } },
    { binaryData: { a: "AAECAw==" } },
    { immutable: true },
    { immutable: false },
    { unheardOf: 1 },
  ],
  fields: [],
};

const secret: Kind = {
  ...{ kind: "Secret", apiVersion: "v1", plural: "secrets", namespaced: true },
  content: { data: { a: "MQ==" } },
  changes: [
    { data: { a: "Mg==" } },
    { stringData: { b: "two", a: "three" } },
    { data: { a: "%%" } },
    { type: "compare/other" },
    { type: "kubernetes.io/tls" },
    { immutable: true },
    { data: null },
    { unheardOf: 1 },
  ],
  fields: ["type=Opaque", "type!=Opaque"],
};

const claim: Kind = {
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

const node: Kind = {
  ...{ kind: "Node", apiVersion: "v1", plural: "nodes", namespaced: false },
  content: { spec: {} },
  changes: [
    { spec: { unschedulable: true } },
    { spec: { unschedulable: null } },
    { spec: { unschedulable: "yes" } },
    { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } },
    { spec: { taints: [{ key: "a", effect: "Never" }] } },
    { spec: { providerID: "x://one" } },
    { spec: { unheardOf: 1 } },
  ],
  statuses: [
    { status: { capacity: { cpu: "2", memory: "4Gi" } } },
    { status: { allocatable: { cpu: "1500m" } } },
    { status: { capacity: { cpu: "many" } } },
    { status: { conditions: [{ type: "Ready", status: "True" }] } },
    { status: { addresses: [{ type: "InternalIP", address: "10.0.0.1" }] } },
  ],
  fields: ["spec.unschedulable=true", "spec.unschedulable=false"],
};

const namespaceKind: Kind = {
  ...{ kind: "Namespace", apiVersion: "v1", plural: "namespaces", namespaced: false },
  content: {},
  changes: [{ spec: {} }, { unheardOf: 1 }],
  statuses: [{ status: { phase: "Terminating" } }, { status: { phase: 1 } }],
  fields: ["status.phase=Active"],
};

const event: Kind = {
  ...{ kind: "Event", apiVersion: "v1", plural: "events", namespaced: true },
  content: {
    involvedObject: { kind: "Pod", namespace, name: "x" },
    ...{ reason: "Tried", message: "it was tried", type: "Normal", source: { component: "compare" } },
    ...{ firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:00Z", count: 1 },
  },
  changes: [
    { count: 2, lastTimestamp: "2026-01-02T00:00:00Z" },
    { count: "2" },
    { type: "Warning" },
    { involvedObject: { namespace: "elsewhere" } },
    { involvedObject: null },
    { lastTimestamp: "yesterday" },
    { message: null },
    { unheardOf: 1 },
  ],
  fields: ["involvedObject.name=x", "reason=Tried", "type=Normal", "reason!=Tried"],
};

const storageClass: Kind = {
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

const pod: Kind = {
  ...{ kind: "Pod", apiVersion: "v1", plural: "pods", namespaced: true },
  content: podManifest,
  changes: podChanges,
  statuses: [
    { status: { phase: "Running", podIP: "10.0.0.1" } },
    { status: { phase: "Succeeded" } },
    { status: { phase: 5 } },
    { status: { conditions: [{ type: "Ready", status: "True" }] } },
    { status: { unheardOf: 1 } },
    { status: { phase: "Failed", reason: "Evicted", message: "no room" } },
  ],
  fields: ["spec.nodeName=", "status.phase=Pending", "spec.restartPolicy=Always", "status.phase!=Running"],
};

/** Nobody else acts on them, also where a whole cluster is at work. */
export const quietKinds: readonly Kind[] = [
  ...[virtualMachine, instance, kubeVirt, secret, event, storageClass, namespaceKind],
];
export const kinds: readonly Kind[] = [...quietKinds, configMap, claim, pod, node];
