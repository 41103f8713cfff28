// Manifests that are let through, small enough for one thing in them to be wrong.
import type { VirtualMachine, VirtualMachineInstance, VmiSpec } from "@knvirt/api";

const spec: VmiSpec = { domain: { memory: { guest: "64Mi" } } };
const metadata = { name: "admission", namespace: "default" };

const manifests = {
  VirtualMachine: {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata,
    spec: { runStrategy: "Halted", template: { spec } },
  } satisfies VirtualMachine,
  VirtualMachineInstance: {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstance",
    metadata,
    spec,
  } satisfies VirtualMachineInstance,
};

export const aManifest = <K extends keyof typeof manifests>(kind: K): (typeof manifests)[K] =>
  structuredClone(manifests[kind]);

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Objects are merged, all else is replaced. */
export const laidOver = (below: object, above: object): object =>
  Object.fromEntries([
    ...Object.entries(below),
    ...Object.entries(above).map(([key, value]) => {
      const under = (below as Tree)[key];
      return [key, isTree(value) && isTree(under) ? laidOver(under, value) : value];
    }),
  ]);

/** An instance, or a VM with it as its template. */
export function withSpec(kind: keyof typeof manifests, change: object): object {
  if (kind === "VirtualMachineInstance") return { ...aManifest(kind), spec: laidOver(spec, change) };
  const vm = aManifest(kind);
  return { ...vm, spec: { ...vm.spec, template: { spec: laidOver(spec, change) } } };
}

export const specPath = { VirtualMachine: "spec.template.spec", VirtualMachineInstance: "spec" } as const;
