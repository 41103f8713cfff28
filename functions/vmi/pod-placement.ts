// Where the launcher pod may run and how it finds names: the VMI's own wishes, and what every launcher needs of a node.
import { label, usesEmulation, type VmiSpec } from "@knvirt/api";
import type { PodSpec } from "@knvirt/kubernetes";
import type { Observed } from "./observed.ts";

type Placement = Pick<
  PodSpec,
  | "nodeSelector"
  | "affinity"
  | "tolerations"
  | "topologySpreadConstraints"
  | "priorityClassName"
  | "schedulerName"
  | "subdomain"
  | "dnsPolicy"
  | "dnsConfig"
>;

/** Kubernetes means by these what a VMI means. */
const passedOn = [
  "affinity",
  "tolerations",
  "topologySpreadConstraints",
  "priorityClassName",
  "schedulerName",
  "subdomain",
  "dnsPolicy",
  "dnsConfig",
] as const satisfies (keyof VmiSpec)[];

export const podPlacement = ({ vmi: { spec }, kubevirt }: Pick<Observed, "vmi" | "kubevirt">): Placement => ({
  ...(Object.fromEntries(
    passedOn.flatMap((field) => (spec[field] === undefined ? [] : [[field, spec[field]]])),
  ) as Placement),
  nodeSelector: { ...spec.nodeSelector, ...architecture(kubevirt), [label.schedulable]: "true" },
});

/** KVM runs guests of the node's own architecture; the emulator runs on any. */
const architecture = (kubevirt: Observed["kubevirt"]): Record<string, string> =>
  usesEmulation(kubevirt) ? {} : { "kubernetes.io/arch": "amd64" };
