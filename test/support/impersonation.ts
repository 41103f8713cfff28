// A request to a real API server in the name of somebody else, tried without keeping what it would change.
import { request } from "node:https";
import type { ClusterAccess } from "@knvirt/kubernetes";

export interface Identity {
  user: string;
  groups?: string[];
  extra?: Record<string, string>;
}

export interface Attempt {
  method: "POST" | "PATCH";
  path: string;
  body: object;
  /** Without it the caller is who the kubeconfig says. */
  as?: Identity | undefined;
}

export interface Outcome {
  code: number;
  /** The object as it would be, or the refusal. */
  body: { message?: string; metadata: { finalizers?: string[] } };
  /** What the API server tells beside its answer; empty when that is nothing. */
  warning: string;
}

/** Sent as a dry run: admission and validation take place, and nothing is stored. */
export function attempt(access: ClusterAccess, { method, path, body, as }: Attempt): Promise<Outcome> {
  const { ca, clientCertificate, token } = access;
  const headers = {
    accept: "application/json",
    "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    ...(token && { authorization: `Bearer ${token()}` }),
    ...(as && impersonating(as)),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${access.server}${path}?dryRun=All`, { method, ca, ...clientCertificate, headers });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("end", () =>
        resolve({
          code: incoming.statusCode ?? 500,
          body: JSON.parse(text) as Outcome["body"],
          warning: String(incoming.headers.warning ?? ""),
        }),
      );
    });
    outgoing.end(JSON.stringify(body));
  });
}

const impersonating = ({ user, groups = [], extra = {} }: Identity): Record<string, string | string[]> => ({
  "impersonate-user": user,
  ...(groups.length > 0 && { "impersonate-group": groups }),
  ...Object.fromEntries(
    Object.entries(extra).map(([key, value]) => [`impersonate-extra-${encodeURIComponent(key)}`, value]),
  ),
});

/** As the API server knows a service account; its pod's node is in tokens that are bound to a pod. */
export const serviceAccount = (name: string, { namespace = "kubevirt", node = "" } = {}): Identity => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  ...(node && { extra: { "authentication.kubernetes.io/node-name": node } }),
});
