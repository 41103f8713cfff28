// What a cluster is made of: nodes that no kubelet runs on, and namespaces.
import type { Kind } from "./kind.ts";

export const node: Kind = {
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

export const namespaceKind: Kind = {
  ...{ kind: "Namespace", apiVersion: "v1", plural: "namespaces", namespaced: false },
  content: {},
  changes: [{ spec: {} }, { unheardOf: 1 }],
  statuses: [{ status: { phase: "Terminating" } }, { status: { phase: 1 } }],
  fields: ["status.phase=Active"],
};
