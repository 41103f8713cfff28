// An API server for tests that writes down what virtctl asks of the gateway, and lets it have all that it asks for.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { aVm, aVmi } from "../../test/support/builders.ts";
import { documents } from "../discovery.ts";
import { group } from "../routes.ts";
import { plainProtocol } from "../viewer.ts";
import { certificateFor } from "./aggregated-cluster.ts";
import type { VirtctlCall } from "./virtctl-calls.ts";

export interface VirtctlRecorder {
  kubeconfig: object;
  /** Resolves with the first request that is not about which groups and versions there are. */
  next(): Promise<Sent>;
  close(): void;
}

export type Sent = Pick<VirtctlCall, "method" | "path" | "body" | "isStream"> & { protocol?: string | undefined };

const base = `/apis/${group}/v1/`;
const name = "recorder";

export async function startVirtctlRecorder(): Promise<VirtctlRecorder> {
  const { certificate, key } = certificateFor({ commonName: name, names: [name] });
  const server = createServer({ cert: certificate, key });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => plainProtocol });
  let tell: (sent: Sent) => void = () => undefined;
  const note = (request: IncomingMessage, more: Partial<Sent>): void => {
    const { method, url = "" } = request;
    if (url.startsWith(base)) tell({ method: method as Sent["method"], path: url.slice(base.length), ...more });
  };
  server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
    const text = Buffer.concat(await request.toArray()).toString();
    note(request, text === "" ? {} : { body: JSON.parse(text) });
    answer(request.url ?? "", response);
  });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    note(request, { isStream: true, protocol: request.headers["sec-websocket-protocol"] });
    sockets.handleUpgrade(request, stream, head, (socket) => socket.close(1000));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: kubeconfigOf(port, certificate),
    next: () => new Promise((resolve) => (tell = resolve)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What virtctl looks at before it asks the gateway; all else is an empty object. */
function answer(url: string, response: ServerResponse): void {
  const [, resource = "", object = ""] = /\/namespaces\/default\/([^/]+)\/([^/?]+)$/.exec(url) ?? [];
  const objects: Record<string, object> = {
    virtualmachines: aVm({ name: object }),
    virtualmachineinstances: aVmi({ name: object }),
    persistentvolumeclaims: { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: object } },
  };
  const isMissing = resource === "datavolumes";
  response.writeHead(isMissing ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(objects[resource] ?? documents[url] ?? {}));
}

const kubeconfigOf = (port: number, certificate: string): object => ({
  apiVersion: "v1",
  kind: "Config",
  clusters: [
    {
      name,
      cluster: {
        server: `https://127.0.0.1:${port}`,
        "tls-server-name": name,
        "certificate-authority-data": Buffer.from(certificate).toString("base64"),
      },
    },
  ],
  users: [{ name, user: { token: "of nobody" } }],
  contexts: [{ name, context: { cluster: name, user: name } }],
  "current-context": name,
});
