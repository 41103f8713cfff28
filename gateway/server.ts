// HTTP in, streams out: documents answer plain calls, subresources answer websocket upgrades.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { virtualMachineInstances } from "@knvirt/api";
import type { Client } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { authorize, type Caller } from "./authorization.ts";
import { openOf } from "./console.ts";
import { documents } from "./discovery.ts";
import { GatewayError, type Refusal, refusalOf } from "./errors.ts";
import type { Executors, GuestStream } from "./executors.ts";
import { parseSubresource, type SubresourceRequest } from "./routes.ts";
import { join, plainProtocol } from "./viewer.ts";

export interface Gateway {
  client: Client;
  executors: Executors;
  log: Logger;
  /** Whose call it is. Throws GatewayError when nobody who is trusted says so. */
  callerOf(request: IncomingMessage): Caller;
  /** By path: what answers for itself, whoever calls. */
  pages?: Record<string, RequestListener>;
  /** How often an idle viewer hears of us. */
  pingMs?: number;
}

export interface Viewers {
  /** What is being viewed now. */
  all(): SubresourceRequest[];
  /** Tells all of them to come again: to another gateway, or to this one when it is back. */
  sendAway(): void;
}

/** Shorter than the idle limits of usual proxies, the shortest of which cut at 20 s. */
const usualPingMs = 10_000;

/** All that one viewer can make us hold at once. */
const maxMessageBytes = 16 * 1024 * 1024;

/** Answers on a server that listens, or will. */
export function serveGateway(gateway: Gateway, server: Server): Viewers {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(plainProtocol) ? plainProtocol : false),
  });
  const viewed = new Map<WebSocket, SubresourceRequest>();
  server.on("request", (request, response) => answer(gateway, request, response));
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    view(gateway, request)
      .then(({ wanted, guest }) => {
        let isJoined = false;
        const joined = (socket: WebSocket): void => {
          isJoined = true;
          viewed.set(socket, wanted);
          socket.once("close", () => viewed.delete(socket));
          join(socket, guest, gateway.pingMs ?? usualPingMs);
        };
        if (!stream.destroyed) sockets.handleUpgrade(request, stream, head, joined);
        // A caller that left meanwhile, or whose handshake was refused, leaves nothing behind.
        if (!isJoined) guest.cancel();
      })
      .catch((error: unknown) => refuseUpgrade(gateway, stream, error));
  });
  return {
    all: () => [...viewed.values()],
    sendAway: () => {
      for (const socket of viewed.keys()) socket.close(serviceRestart, "the gateway ends: connect again");
    },
  };
}

/** A close code of the websocket registry: whoever is told it may connect again. */
const serviceRestart = 1012;

function answer(gateway: Gateway, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split("?", 1)[0] ?? "/";
  const page = gateway.pages?.[path];
  if (page) {
    page(request, response);
    return;
  }
  const { code, body } = reply(gateway, request, path);
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** No plain call is served but documents: a subresource is a stream, and anything else is not there. */
function reply(gateway: Gateway, request: IncomingMessage, path: string): { code: number; body: unknown } {
  try {
    gateway.callerOf(request);
  } catch (error) {
    return refused(gateway, error);
  }
  const document = documents[path];
  return document === undefined ? refused(gateway, notServed(request.url ?? "/")) : { code: 200, body: document };
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

interface View {
  wanted: SubresourceRequest;
  guest: GuestStream;
}

async function view(gateway: Gateway, request: IncomingMessage): Promise<View> {
  const { client, executors } = gateway;
  const { headers, url = "/" } = request;
  const caller = gateway.callerOf(request);
  const wanted = parseSubresource(url);
  if (headers.upgrade?.toLowerCase() !== "websocket")
    throw new GatewayError(400, `upgrade to ${headers.upgrade} is not supported: expected websocket`);
  await authorize(client, caller, wanted);
  const vmi = await client.find(virtualMachineInstances, wanted);
  const open = openOf(wanted, vmi);
  return { wanted, guest: await executors.connect(open, vmi?.status?.nodeName) };
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
  if (refusal.code === 503) log.warn({ err: error }, "guest cannot be reached");
  return refusal;
}
