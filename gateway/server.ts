// HTTP in, streams out: documents answer plain calls, subresources answer websocket upgrades.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { virtualMachineInstances } from "@knvirt/api";
import type { Client } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import { authorize, callerOf } from "./authorization.ts";
import { openOf } from "./console.ts";
import { documents } from "./discovery.ts";
import { GatewayError, refusalOf } from "./errors.ts";
import type { Executors } from "./executors.ts";
import { parseSubresource } from "./routes.ts";
import { join, plainProtocol } from "./viewer.ts";

export interface Gateway {
  client: Client;
  executors: Executors;
  log: Logger;
}

export function createGateway(gateway: Gateway): Server {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has(plainProtocol) ? plainProtocol : false),
  });
  const server = createServer((request, response) => answer(gateway, request, response));
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    view(gateway, request)
      .then((guest) => {
        // A caller that left meanwhile leaves nothing behind.
        if (stream.destroyed) guest.cancel();
        else sockets.handleUpgrade(request, stream, head, (socket) => void join(socket, guest));
      })
      .catch((error: unknown) => refuseUpgrade(gateway, stream, error));
  });
  return server;
}

/** No plain call is served but documents: a subresource is a stream, and anything else is not there. */
function answer({ log }: Gateway, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? "/";
  const document = documents[new URL(url, "http://gateway").pathname];
  const { code, body } = document === undefined ? refusalOf(notServed(url)) : { code: 200, body: document };
  if (code === 500) log.error({ url }, "call failed");
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function notServed(url: string): unknown {
  try {
    const { subresource, namespace, name } = parseSubresource(url);
    const object = `subresource ${subresource} of ${namespace}/${name}`;
    return new GatewayError(426, `${object} is a stream: ask for an upgrade to websocket`);
  } catch (error) {
    return error;
  }
}

async function view({ client, executors }: Gateway, request: IncomingMessage) {
  const caller = callerOf(request.headers);
  const wanted = parseSubresource(request.url ?? "/");
  await authorize(client, caller, wanted);
  const open = openOf(wanted, await client.find(virtualMachineInstances, wanted));
  return executors.connect(open);
}

function refuseUpgrade({ log }: Gateway, stream: Duplex, error: unknown): void {
  const { code, body } = refusalOf(error);
  if (code === 500) log.error({ error }, "upgrade failed");
  const text = JSON.stringify(body);
  const head = [`HTTP/1.1 ${code} ${body.reason}`, "content-type: application/json", "connection: close"];
  stream.end([...head, `content-length: ${Buffer.byteLength(text)}`, "", text].join("\r\n"));
}
