// Observations for tests: with a text at every place where our functions can see one.
import { annotation, type KubeVirt, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import type { PersistentVolumeClaim, Pod } from "@knvirt/kubernetes";
import { aPod, at, computeIs } from "../../../testing/builders.ts";
import { hiddenTexts, isIn, openMaps } from "../fields.ts";
import { fullObject, isText, type Place, type Schema, schemaOf } from "./schemas.ts";

/** Text of a place that is to be hidden. */
export type SecretAt = (path: string) => string;

/** What functions calculate with, or look for. */
const plainTexts: Record<string, string> = {
  ...{ path: "/disk.img", guest: "64Mi", phase: "Pending", featureGates: "HostDisk" },
};

const fillWith =
  (secretAt: SecretAt) =>
  (place: Place): unknown => {
    const { name, path, schema } = place;
    const isAnything = schema["x-kubernetes-preserve-unknown-fields"] === true;
    if (isAnything || isIn(hiddenTexts, place)) return secretAt(path);
    if (openMaps.has(name)) return "1";
    if (schema.type === "boolean") return true;
    return isText(schema) ? (plainTexts[name] ?? plainTextOf(schema)) : 1;
  };

const plainTextOf = (schema: Schema): string =>
  schema.enum?.[0] ?? (schema["x-kubernetes-int-or-string"] ? "1" : "text");

const metadataWith = (secretAt: SecretAt, path: string) => ({
  annotations: {
    "kubectl.kubernetes.io/last-applied-configuration": secretAt(`${path}.last-applied`),
    name: secretAt(`${path}.annotations.name`),
    [annotation.vmGeneration]: "1",
  },
  labels: { app: "web" },
});

type Full = Record<"spec" | "status", Record<string, unknown>>;

const full = (kind: Parameters<typeof schemaOf>[0], secretAt: SecretAt): Full =>
  fullObject(schemaOf(kind), { name: "", parent: "", path: kind }, fillWith(secretAt)) as Full;

/** Every field there is, even those that exclude each other. */
export function fullObservation(secretAt: SecretAt) {
  const names = { name: "web", namespace: "default", generation: 2, resourceVersion: "1" };
  const metadata = (path: string, uid: string) => ({ ...names, uid, ...metadataWith(secretAt, path) });
  const base = { apiVersion: "kubevirt.io/v1" };
  const { spec: vmSpec, status: vmStatus } = full("VirtualMachine", secretAt);
  delete vmSpec.running;
  const vm = { ...base, kind: "VirtualMachine", metadata: metadata("vm", "vm-uid"), spec: vmSpec, status: vmStatus };
  const { spec, status } = full("VirtualMachineInstance", secretAt);
  const vmi = { ...base, kind: "VirtualMachineInstance", metadata: metadata("vmi", "vmi-uid"), spec, status };
  const kubevirt = { ...full("KubeVirt", secretAt), ...base, kind: "KubeVirt", metadata: metadata("kubevirt", "k") };
  return {
    vm: vm as unknown as VirtualMachine,
    vmi: vmi as unknown as VirtualMachineInstance,
    kubevirt: kubevirt as unknown as KubeVirt,
    pod: fullPod(secretAt),
    claims: [fullClaim(secretAt)],
  };
}

/** With what others may have put into it, fields included that we know nothing of. */
function fullPod(secretAt: SecretAt): Pod {
  const container = {
    name: "compute",
    image: "launcher:1",
    command: [secretAt("pod.command")],
    args: [secretAt("pod.args")],
    workingDir: secretAt("pod.workingDir"),
    env: [
      { name: "TOKEN", value: secretAt("pod.env") },
      { name: "B", valueFrom: { name: secretAt("pod.valueFrom") } },
    ],
    livenessProbe: { httpGet: { port: 1, httpHeaders: [{ name: "Authorization", value: secretAt("pod.header") }] } },
    readinessProbe: { exec: { command: ["cat", secretAt("pod.exec")] } },
    lifecycle: { preStop: { exec: { command: [secretAt("pod.lifecycle")] } } },
  };
  const volumes = [{ name: "v", csi: { driver: "d", volumeAttributes: { name: secretAt("pod.csi") } } }];
  const pod = aPod({
    metadata: metadataWith(secretAt, "pod"),
    status: computeIs({ running: {} }, { phase: "Running" }),
  });
  const spec = {
    ...pod.spec,
    containers: [container],
    initContainers: [container],
    volumes,
    unknown: secretAt("pod.x"),
  };
  return { ...pod, spec } as unknown as Pod;
}

const fullClaim = (secretAt: SecretAt): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "text", namespace: "default", ...metadataWith(secretAt, "claim") },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  status: { phase: "Bound", capacity: { storage: "1Gi" } },
});

export const noon = at("12:00:00");
