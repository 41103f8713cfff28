// Whether a caller may have what it asks for: the API server decides.
import type { Client } from "@knvirt/kubernetes";
import { GatewayError } from "./errors.ts";
import { group } from "./routes.ts";
import type { SubresourceRequest } from "./subresource.ts";

export interface Caller {
  user: string;
  groups: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** Returns when the caller may use the subresource; upstream answers 401 otherwise, and so clients expect it. */
export async function authorize(client: Client, caller: Caller, request: SubresourceRequest): Promise<void> {
  const { status } = await client.transport.call<{ status?: { allowed?: boolean; reason?: string } }>({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        ...caller,
        resourceAttributes: {
          group,
          version: request.version,
          resource: request.resource,
          subresource: request.subresource,
          namespace: request.namespace,
          name: request.name,
          verb: request.verb,
        },
      },
    },
  });
  if (status?.allowed) return;
  const what = `${request.resource}/${request.subresource} ${request.namespace}/${request.name}`;
  throw new GatewayError(
    401,
    `user ${caller.user} may not ${request.verb} ${what}: ${status?.reason || "no role allows it"}`,
  );
}
