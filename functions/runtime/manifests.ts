// What an installation needs for functions whoever runs them: a service account with its rights, and the container.
import type { PolicyRule } from "./rights.ts";

/** An object as it is written to a file. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

export const installNamespace = "kubevirt";

export const partOf = { "app.kubernetes.io/part-of": "knvirt" };
/** Of everything that belongs to one workload, its pods included. */
export const labelsOf = (workload: string): Record<string, string> => ({
  "app.kubernetes.io/name": workload,
  ...partOf,
});

/** A name under which pods run, and what may be done under it in the whole cluster. */
export function accountManifests(name: string, rules: PolicyRule[]): Manifest[] {
  const labels = labelsOf(name);
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: installNamespace, labels } },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name, labels }, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: installNamespace }],
    },
  ];
}

/** Functions only talk to the API server: no container of theirs needs anything of its node. */
export const functionsSecurity = {
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
