// A cluster for the gateway's tests: the embedded API server with what aggregation needs, and calls as its front proxy
// would make them.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { issueCertificate, type KeyPair } from "@knvirt/certificates";
import {
  type Client,
  type ConfigMap,
  configMaps,
  connectClient,
  type KubernetesObject,
  namespaces,
  resource,
} from "@knvirt/kubernetes";
import { frontProxyPlace } from "../front-proxy.ts";
import { group, versions } from "../routes.ts";

export interface AggregatedCluster {
  client: Client;
  /** Front proxies have certificates of this one. */
  authority: KeyPair;
  frontProxy: KeyPair;
  /** Whom the API server trusts to be the gateway, by the version of the group. */
  caBundle(version?: string): Promise<string>;
  /** Makes another authority the one of front proxies. */
  believe(authority: KeyPair): Promise<void>;
  close(): Promise<void>;
}

type ApiService = KubernetesObject & { spec: { caBundle?: string; [field: string]: unknown } };
export const apiServices = resource<ApiService>("apiregistration.k8s.io/v1", "APIService", { namespaced: false });

export const token = "secret-of-admin";
export const gatewayHost = "knvirt-gateway.kubevirt.svc";

/** The server's folder is not ours to import: tests, which may, hand it in. */
type StartApiServer = (options: {
  dataDir: string;
  port: number;
  tokens: { token: string; username: string; groups: string[] }[];
}) => Promise<{ url: string; ca: string; close(): Promise<void> }>;

export async function startAggregatedCluster(startApiServer: StartApiServer): Promise<AggregatedCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), "knvirt-aggregated-"));
  const tokens = [{ token, username: "admin", groups: ["system:masters"] }];
  const api = await startApiServer({ dataDir, port: 0, tokens });
  const client = connectClient({ server: api.url, ca: api.ca, token: () => token });
  const authority = certificateFor({ commonName: "front proxy CA", isAuthority: true });
  await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "kubevirt" } });
  await client.create(configMaps, description(authority));
  for (const version of versions) await client.create(apiServices, apiService(version));
  return {
    client,
    authority,
    frontProxy: certificateFor({ commonName: "front-proxy", issuer: authority }),
    caBundle: async (version = versions[0]) => {
      const found = await client.find(apiServices, { name: `${version}.${group}` });
      return Buffer.from(found?.spec.caBundle ?? "", "base64").toString();
    },
    believe: async (other) => {
      const { data = {} } = description(other);
      await client.mergePatch(configMaps, frontProxyPlace, { patch: { data } });
    },
    close: async () => {
      client.close();
      await api.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export const certificateFor = (more: Partial<Parameters<typeof issueCertificate>[0]>): KeyPair =>
  issueCertificate({
    commonName: "front-proxy",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    ...more,
  });

/** As API servers write it, and only where it matters to us. */
const description = ({ certificate }: KeyPair): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { ...frontProxyPlace },
  data: {
    "requestheader-client-ca-file": certificate,
    "requestheader-allowed-names": '["front-proxy"]',
    "requestheader-username-headers": '["X-Remote-User"]',
    "requestheader-group-headers": '["X-Remote-Group"]',
    "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
  },
});

export const apiService = (version: string): ApiService => ({
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: `${version}.${group}` },
  spec: { group, version, service: { namespace: "kubevirt", name: "knvirt-gateway" } },
});

export interface Call {
  port: number;
  path: string;
  /** Whom to trust. */
  ca: string;
  as?: KeyPair | undefined;
  headers?: Record<string, string>;
  agent?: Agent;
  /** Told the fingerprint of the certificate that was shown. */
  onPeer?: (fingerprint: string) => void;
}

/** Over a new connection, unless there is an agent. */
export async function callGateway({ port, path, ca, as, headers = {}, agent, onPeer }: Call): Promise<Answer> {
  const asked = request({
    ...{ host: "127.0.0.1", servername: gatewayHost, port, path, ca, headers, agent: agent ?? false },
    ...(as && { cert: as.certificate, key: as.key }),
  }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  onPeer?.((answer.socket as TLSSocket).getPeerCertificate().fingerprint256);
  const text = Buffer.concat(await answer.toArray()).toString();
  return { code: answer.statusCode ?? 0, text };
}

export interface Answer {
  code: number;
  text: string;
}
