// What an installation needs for functions whoever runs them: a service account with its rights, and the container.
import type { FunctionDefinition } from "./definition.ts";
import { type PolicyRule, rulesOf } from "./rights.ts";

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

/** Whose token a scraper shows, and whether that user may get /metrics. */
const scraperRules: PolicyRule[] = [
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];

/** The account of the one process that runs all functions, follows changes by itself and serves metrics. */
export const controllerAccount = (definitions: readonly FunctionDefinition[]): Manifest[] =>
  accountManifests("knvirt-controller", [...rulesOf(definitions, { watching: true }), ...scraperRules]);
