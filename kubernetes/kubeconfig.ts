// Where the API server is and how to prove who we are: from a kubeconfig.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import type { ClusterAccess } from "./access.ts";

interface Kubeconfig {
  "current-context": string;
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
}

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
