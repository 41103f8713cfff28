// Who calls, and whether they may: the API server in front of us vouches for the caller, and decides.
import type { IncomingHttpHeaders } from "node:http";
import type { Client } from "@knvirt/kubernetes";
import { GatewayError } from "./errors.ts";
import { group, type SubresourceRequest } from "./routes.ts";

interface Caller {
  user: string;
  groups: string[];
}

/** The headers of Kubernetes' authenticating proxy. Only the API server can reach this process, so they are true. */
export function callerOf(headers: IncomingHttpHeaders): Caller {
  const user = headers["x-remote-user"];
  if (typeof user !== "string" || user === "")
    throw new GatewayError(401, "the call names no user: it must come through the API server");
  const groups = headers["x-remote-group"] ?? [];
  return { user, groups: (Array.isArray(groups) ? groups : groups.split(",")).map((name) => name.trim()) };
}

/** Returns when the caller may read the subresource; upstream answers 401 otherwise, and so clients expect it. */
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
          verb: "get",
        },
      },
    },
  });
  if (status?.allowed) return;
  const what = `${request.resource}/${request.subresource} ${request.namespace}/${request.name}`;
  throw new GatewayError(401, `user ${caller.user} may not get ${what}: ${status?.reason || "no role allows it"}`);
}
