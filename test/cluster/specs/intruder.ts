// A client with the token of a node executor, as who broke out of a guest would have it.
import { type Client, type ClusterAccess, connectClient, pathOf, pods, resource } from "@knvirt/kubernetes";
import { installNamespace } from "../../support/cluster-names.ts";

/** Tells its requests from the executor's own in the audit log. */
export const intruderAgent = "knvirt-intruder";
const serviceAccounts = resource("v1", "ServiceAccount");

/** The token is bound to the pod of the executor on that node, as the one that the kubelet gives it. */
export async function intruderOn(node: string, client: Client, { server, ca }: ClusterAccess): Promise<Client> {
  const { items } = await client.list(pods, {
    namespace: installNamespace,
    labelSelector: "app.kubernetes.io/name=knvirt-executor",
    fieldSelector: `spec.nodeName=${node}`,
  });
  const { name, uid } = items[0]?.metadata ?? {};
  const { status } = await client.transport.call<{ status: { token: string } }>({
    method: "POST",
    path: pathOf(serviceAccounts, { namespace: installNamespace, name: "knvirt-executor" }, "token"),
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid } },
    },
  });
  return connectClient({ server, ...(ca && { ca }), token: () => status.token }, intruderAgent);
}
