// Where the API server is and how to prove who we are: from a kubeconfig, or from the pod's service account.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";

export interface ClusterAccess {
  /** `https://host:port`, without a path. */
  server: string;
  ca?: string;
  clientCertificate?: { cert: string; key: string };
  /** Read for each request, because service account tokens are rotated on disk. */
  token?: () => string;
  namespace?: string;
}

interface Kubeconfig {
  "current-context": string;
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
}

const serviceAccountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Throws when the file is missing, is no kubeconfig, or signs in by a plugin. */
export function accessFromKubeconfig(path: string): ClusterAccess {
  const config = parse(readFileSync(path, "utf8")) as Kubeconfig;
  const context = config.contexts?.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users?.find(({ name }) => name === context?.user)?.user;
  if (!context || !cluster?.server || !user)
    throw new Error(`kubeconfig ${path} has no usable current-context: found ${config["current-context"]}`);
  if (user.exec)
    throw new Error(`kubeconfig ${path} user ${context.user} signs in by exec: use a token or certificate`);
  const pem = embeddedOrFile(dirname(path));
  const ca = pem(cluster, "certificate-authority");
  const cert = pem(user, "client-certificate");
  const key = pem(user, "client-key");
  const token = user.token ?? (user.tokenFile && readFileSync(user.tokenFile, "utf8").trim());
  return {
    server: cluster.server,
    ...(ca && { ca }),
    ...(cert && key && { clientCertificate: { cert, key } }),
    ...(token && { token: () => token }),
    ...(context.namespace && { namespace: context.namespace }),
  };
}

const embeddedOrFile =
  (folder: string) =>
  (from: Record<string, string>, field: string): string | undefined => {
    const embedded = from[`${field}-data`];
    if (embedded) return Buffer.from(embedded, "base64").toString("utf8");
    const path = from[field];
    return path ? readFileSync(resolve(folder, path), "utf8") : undefined;
  };

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

/** From `$KUBECONFIG` when it is set, else from the pod. */
export const defaultAccess = (): ClusterAccess =>
  process.env.KUBECONFIG ? accessFromKubeconfig(process.env.KUBECONFIG) : accessFromPod();
