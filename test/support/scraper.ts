// A service account that may read metrics and no more, as a monitoring system would have one.
import { type Client, isAlreadyExists, type KubernetesObject, pathOf, resource } from "@knvirt/kubernetes";
import { testLabel, testNamespace } from "./cluster-names.ts";

const serviceAccounts = resource("v1", "ServiceAccount");
const rbac = "rbac.authorization.k8s.io/v1";
const clusterRoles = resource<KubernetesObject & { rules: object[] }>(rbac, "ClusterRole", { namespaced: false });
const clusterRoleBindings = resource<KubernetesObject & { roleRef: object; subjects: object[] }>(
  rbac,
  "ClusterRoleBinding",
  { namespaced: false },
);
const account = { namespace: testNamespace, name: "scraper" };
const role = "knvirt-test-scraper";

export async function scraperToken(client: Client): Promise<string> {
  const metadata = { name: role, labels: testLabel };
  await ensured(client.create(serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: account }));
  const rules = [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }];
  await ensured(client.create(clusterRoles, { apiVersion: rbac, kind: "ClusterRole", metadata, rules }));
  await ensured(
    client.create(clusterRoleBindings, {
      apiVersion: rbac,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", ...account }],
    }),
  );
  const { status } = await client.transport.call<{ status: { token: string } }>({
    method: "POST",
    path: pathOf(serviceAccounts, account, "token"),
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  });
  return status.token;
}

async function ensured(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
