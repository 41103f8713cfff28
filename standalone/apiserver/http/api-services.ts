// Groups that another process on this host serves: APIService objects, reached through unix sockets.
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiResource, GroupVersionResources } from "../discovery/documents.ts";
import { ApiError } from "../errors.ts";
import type { Machinery } from "../machinery.ts";
import { asText, isRecord, type KubernetesObject } from "../object.ts";
import type { User } from "./authentication.ts";

/** Unix sockets by `namespace/name` of the service that an APIService names. */
export type ServiceSockets = Readonly<Record<string, string>>;

const apiServicesStored = "apiservices.apiregistration.k8s.io";

const discoveryTimeoutMs = 5_000;

export const serviceOf = ({ spec }: KubernetesObject): string => {
  const service = isRecord(spec) && isRecord(spec.service) ? spec.service : {};
  return `${asText(service.namespace)}/${asText(service.name)}`;
};

/** Undefined when no APIService claims the group and version. */
export function findBackend(
  machinery: Machinery,
  sockets: ServiceSockets,
  { group, version }: { group: string; version: string },
): string | undefined {
  const name = `${version}.${group}`;
  const found = machinery.store.read.get({ resource: apiServicesStored, namespace: "", name });
  if (!found) return undefined;
  const service = serviceOf(found.object);
  const socketPath = sockets[service];
  if (socketPath) return socketPath;
  throw new ApiError(
    "ServiceUnavailable",
    `apiservice ${name} names service ${service}, which this host does not run`,
  );
}

interface Forwarded {
  socketPath: string;
  /** Path and query as this server has read them, so that both sides mean the same. */
  path: string;
  incoming: IncomingMessage;
  user: User;
}

/** The backend believes these headers because only this server can reach its socket; the client's own are dropped. */
function forward({ socketPath, path, incoming, user }: Forwarded): ClientRequest {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined && !/^(x-remote-|authorization$|host$)/.test(name)) headers[name] = value;
  headers.host = "localhost";
  headers["x-remote-user"] = user.username;
  headers["x-remote-group"] = user.groups;
  return request({ socketPath, method: incoming.method, path, headers });
}

const unreachable = (error: Error) =>
  new ApiError("ServiceUnavailable", `error trying to reach service: ${error.message}`);

/** Rejects when the backend cannot be reached; afterwards the answer is the backend's. */
export function proxy(forwarded: Forwarded, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = forward(forwarded);
    outgoing.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once("error", () => response.destroy());
      response.once("close", () => {
        answer.destroy();
        resolve();
      });
    });
    outgoing.once("error", (error) => (response.headersSent ? response.destroy() : reject(unreachable(error))));
    response.once("close", () => outgoing.destroy());
    forwarded.incoming.pipe(outgoing);
  });
}

/** A websocket: after the backend has agreed both sides are joined byte by byte. */
export function proxyUpgrade(forwarded: Forwarded, client: Duplex, head: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = forward(forwarded);
    outgoing.once("upgrade", (answer, backend, first) => {
      client.write(responseHead(answer));
      client.write(first);
      backend.write(head);
      join(client, backend);
      resolve();
    });
    outgoing.once("response", (answer) => {
      client.write(responseHead(answer));
      answer.pipe(client);
      resolve();
    });
    outgoing.once("error", (error) => reject(unreachable(error)));
    client.once("close", () => outgoing.destroy());
    outgoing.end();
  });
}

function join(client: Duplex, backend: Duplex): void {
  for (const [from, to] of [
    [client, backend],
    [backend, client],
  ] as const) {
    from.pipe(to);
    from.once("error", () => to.destroy());
    from.once("close", () => to.destroy());
  }
}

function responseHead({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() !== "transfer-encoding") lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** What the backends say they serve; one that does not answer is listed as stale. */
export function backendResources(machinery: Machinery, sockets: ServiceSockets): Promise<GroupVersionResources[]> {
  const services = machinery.store.read.list({ resource: apiServicesStored });
  return Promise.all(
    services.map(async ({ version: { object } }) => {
      const { group, version } = object.spec as { group: string; version: string };
      const socketPath = sockets[serviceOf(object)];
      try {
        if (!socketPath) throw new Error("the host does not run this service");
        return { group, version, resources: await resourcesAt(socketPath, `/apis/${group}/${version}`) };
      } catch (error) {
        machinery.log.debug({ group, version, error }, "discovery of an aggregated group failed");
        return { group, version, resources: [], stale: true };
      }
    }),
  );
}

function resourcesAt(socketPath: string, path: string): Promise<ApiResource[]> {
  return new Promise((resolve, reject) => {
    const headers = {
      accept: "application/json",
      "x-remote-user": "system:apiserver",
      "x-remote-group": "system:masters",
    };
    const outgoing = request({ socketPath, path, headers, timeout: discoveryTimeoutMs }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () => {
        try {
          const list = JSON.parse(Buffer.concat(chunks).toString()) as { resources: ApiResource[] };
          resolve(Array.isArray(list.resources) ? list.resources : []);
        } catch (error) {
          reject(error);
        }
      });
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error(`no answer in ${discoveryTimeoutMs} ms`)));
    outgoing.once("error", reject);
    outgoing.end();
  });
}
