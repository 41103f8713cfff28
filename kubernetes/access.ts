// Where the API server is and how to prove who we are, as a pod knows it: by its service account.
import { existsSync, readFileSync } from "node:fs";

export interface ClusterAccess {
  /** `https://host:port`, without a path. */
  server: string;
  ca?: string;
  clientCertificate?: { cert: string; key: string };
  /** Read for each request, because service account tokens are rotated on disk. */
  token?: () => string;
  namespace?: string;
}

const serviceAccountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Throws outside a pod. */
export function accessFromPod(): ClusterAccess {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (!host || !existsSync(`${serviceAccountPath}/token`))
    throw new Error("no API server is configured: KUBECONFIG is not set and this is not a pod");
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port ?? "443"}`,
    ca: readFileSync(`${serviceAccountPath}/ca.crt`, "utf8"),
    token: () => readFileSync(`${serviceAccountPath}/token`, "utf8").trim(),
    namespace: readFileSync(`${serviceAccountPath}/namespace`, "utf8").trim(),
  };
}
