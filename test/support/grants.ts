// What a service account is allowed to do, verb by verb, as the roles bound to it say.
import { type Client, type KubernetesObject, resource } from "@knvirt/kubernetes";
import type { AuditedRequest } from "./audit.ts";

export interface Grant {
  verb: string;
  /** As in an audited request. */
  resource: string;
}

interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  nonResourceURLs?: string[];
}

type Role = KubernetesObject & { rules?: Rule[] };
type Binding = KubernetesObject & {
  roleRef: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
};

const rbac = "rbac.authorization.k8s.io/v1";
const clusterRoles = resource<Role>(rbac, "ClusterRole", { namespaced: false });
const clusterRoleBindings = resource<Binding>(rbac, "ClusterRoleBinding", { namespaced: false });

/** By the cluster roles of the account; roles within one namespace are not looked at. */
export async function grantsOf(client: Client, account: { namespace: string; name: string }): Promise<Grant[]> {
  const { items: bindings } = await client.list(clusterRoleBindings);
  const mine = bindings.filter(({ subjects = [] }) =>
    subjects.some(
      ({ kind, name, namespace }) =>
        kind === "ServiceAccount" && name === account.name && namespace === account.namespace,
    ),
  );
  const roles = await Promise.all(mine.map(({ roleRef }) => client.find(clusterRoles, { name: roleRef.name })));
  return roles.flatMap((role) => (role?.rules ?? []).flatMap(expand));
}

const expand = ({ verbs, apiGroups = [""], resources = [] }: Rule): Grant[] =>
  apiGroups.flatMap((group) =>
    resources.flatMap((one) => verbs.map((verb) => ({ verb, resource: group ? `${group}/${one}` : one }))),
  );

export const isUseOf =
  ({ verb, resource: granted }: Grant) =>
  (request: AuditedRequest): boolean =>
    request.verb === verb && request.resource === granted;

export const grantText = ({ verb, resource: of }: Grant): string => `${verb} ${of}`;
