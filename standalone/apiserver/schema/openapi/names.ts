// How OpenAPI documents name groups, versions and kinds.

export interface GroupVersion {
  group: string;
  version: string;
}

export interface GroupVersionKind extends GroupVersion {
  kind: string;
}

/** Groups whose types live in Kubernetes' own Go packages; all others are named after the reversed group. */
const goPackages: Record<string, string> = {
  "": "io.k8s.api.core",
  "admissionregistration.k8s.io": "io.k8s.api.admissionregistration",
  "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
  apps: "io.k8s.api.apps",
  "authentication.k8s.io": "io.k8s.api.authentication",
  "authorization.k8s.io": "io.k8s.api.authorization",
  autoscaling: "io.k8s.api.autoscaling",
  batch: "io.k8s.api.batch",
  "coordination.k8s.io": "io.k8s.api.coordination",
  "discovery.k8s.io": "io.k8s.api.discovery",
  "events.k8s.io": "io.k8s.api.events",
  "networking.k8s.io": "io.k8s.api.networking",
  "node.k8s.io": "io.k8s.api.node",
  policy: "io.k8s.api.policy",
  "rbac.authorization.k8s.io": "io.k8s.api.rbac",
  "scheduling.k8s.io": "io.k8s.api.scheduling",
  "storage.k8s.io": "io.k8s.api.storage",
};

/** `io.k8s.api.core.v1.Pod`, `io.kubevirt.v1.VirtualMachine`. */
export function definitionName({ group, version, kind }: GroupVersionKind): string {
  const goPackage = goPackages[group] ?? group.split(".").reverse().join(".");
  return `${goPackage}.${version}.${kind}`;
}

export const metaName = (type: string): string => `io.k8s.apimachinery.pkg.apis.meta.v1.${type}`;

/** Path of a group-version below the server's root, without a leading slash. */
export const groupVersionPath = ({ group, version }: GroupVersion): string =>
  group === "" ? `api/${version}` : `apis/${group}/${version}`;

/** `core` and `KubevirtIo`: the group within an operation's id. */
export const groupWord = (group: string): string =>
  group === "" ? "Core" : group.split(/[.-]/).map(capital).join("");

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
