// HTTP in, streams out: documents answer plain calls, subresources answer websocket upgrades.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { virtualMachineInstances } from "@knvirt/api";
import type { Client } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { authorize, callerOf } from "./authorization.ts";
import { openOf } from "./console.ts";
import { documents } from "./discovery.ts";
import { GatewayError, type Refusal, refusalOf } from "./errors.ts";
import type { Executors, GuestStream } from "./executors.ts";
import { parseSubresource } from "./routes.ts";
import { join, plainProtocol } from "./viewer.ts";

export interface Gateway {
  client: Client;
  executors: Executors;
  log: Logger;
  /** How often an idle viewer hears of us. */
  pingMs?: number;
}

/** Shorter than the idle limits of usual proxies, the shortest of which cut at 20 s. */
const usualPingMs = 10_000;

/** All that one viewer can make us hold at once. */
const maxMessageBytes = 16 * 1024 * 1024;

export function createGateway(gateway: Gateway): Server {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(plainProtocol) ? plainProtocol : false),
  });
  const server = createServer((request, response) => answer(gateway, request, response));
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    view(gateway, request)
      .then((guest) => {
        let isJoined = false;
        const joined = (socket: WebSocket): void => {
          isJoined = true;
          join(socket, guest, gateway.pingMs ?? usualPingMs);
        };
        if (!stream.destroyed) sockets.handleUpgrade(request, stream, head, joined);
        // A caller that left meanwhile, or whose handshake was refused, leaves nothing behind.
        if (!isJoined) guest.cancel();
      })
      .catch((error: unknown) => refuseUpgrade(gateway, stream, error));
  });
  return server;
}

/** No plain call is served but documents: a subresource is a stream, and anything else is not there. */
function answer(gateway: Gateway, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? "/";
  const document = documents[url.split("?", 1)[0] ?? url];
  const { code, body } = document === undefined ? refused(gateway, notServed(url)) : { code: 200, body: document };
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function notServed(url: string): unknown {
  try {
    const { subresource, resource, namespace, name } = parseSubresource(url);
    const object = `${resource} ${namespace}/${name}: subresource ${subresource}`;
    return new GatewayError(426, `${object} is a stream: ask for an upgrade to websocket`);
  } catch (error) {
    return error;
  }
}

async function view({ client, executors }: Gateway, { headers, url = "/" }: IncomingMessage): Promise<GuestStream> {
  const caller = callerOf(headers);
  const wanted = parseSubresource(url);
  if (headers.upgrade?.toLowerCase() !== "websocket")
    throw new GatewayError(400, `upgrade to ${headers.upgrade} is not supported: expected websocket`);
  await authorize(client, caller, wanted);
  const open = openOf(wanted, await client.find(virtualMachineInstances, wanted));
  return executors.connect(open);
}

function refuseUpgrade(gateway: Gateway, stream: Duplex, error: unknown): void {
  const { code, body } = refused(gateway, error);
  const text = JSON.stringify(body);
  const head = [`HTTP/1.1 ${code} ${body.reason}`, "content-type: application/json", "connection: close"];
  stream.end([...head, `content-length: ${Buffer.byteLength(text)}`, "", text].join("\r\n"));
}

function refused({ log }: Gateway, error: unknown): Refusal {
  const refusal = refusalOf(error);
  if (refusal.code === 500) log.error({ err: error }, "call failed");
  return refusal;
}
