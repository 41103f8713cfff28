// Our kinds, in the comparison's own group: virtual machines, their instances, and the installation itself.
import { group, type Kind } from "./kind.ts";

const ours = `${group}/v1`;
const guest = { domain: { memory: { guest: "64Mi" } } };
const condition = (status: string) => ({ type: "Ready", status, lastTransitionTime: "2026-01-01T00:00:00Z" });

export const virtualMachine: Kind = {
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

export const instance: Kind = {
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

export const kubeVirt: Kind = {
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
