// HTTP in: documents and subresources answer plain calls, streams answer websocket upgrades.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Client } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { authorize, type Caller } from "./authorization.ts";
import { bodyOf } from "./body.ts";
import { documents } from "./discovery.ts";
import { GatewayError, type Refusal, refusalOf } from "./errors.ts";
import type { Executors } from "./executors.ts";
import { health, healthPaths } from "./health.ts";
import type { Peer } from "./peer.ts";
import { type Route, routeOf } from "./routes.ts";
import { type Answer, objectOf, type SubresourceRequest } from "./subresource.ts";
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
      .then(({ wanted, peer }) => {
        let isJoined = false;
        const joined = (socket: WebSocket): void => {
          isJoined = true;
          viewed.set(socket, wanted);
          socket.once("close", () => viewed.delete(socket));
          join(socket, peer, gateway.pingMs ?? usualPingMs);
        };
        if (!stream.destroyed) sockets.handleUpgrade(request, stream, head, joined);
        // A caller that left meanwhile, or whose handshake was refused, leaves nothing behind.
        if (!isJoined) peer.cancel();
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

/** Throws 401 unless the caller may, and 501 for what is not there yet. */
async function admitted(gateway: Gateway, request: IncomingMessage): Promise<Route> {
  const caller = gateway.callerOf(request);
  const route = routeOf(request.method, request.url ?? "/");
  const { wanted, subresource } = route;
  await authorize(gateway.client, caller, wanted);
  if ("lacks" in subresource) throw new GatewayError(501, `${whatOf(wanted)} is not there: ${subresource.lacks}`);
  return route;
}

const whatOf = (wanted: SubresourceRequest): string => `${objectOf(wanted)}: subresource ${wanted.subresource}`;

function answer(gateway: Gateway, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split("?", 1)[0] ?? "/";
  const page = gateway.pages?.[path];
  if (page) {
    page(request, response);
    return;
  }
  reply(gateway, request, path)
    .catch((error: unknown) => refused(gateway, error))
    .then((answered) => send(response, answered))
    .catch((err: unknown) => gateway.log.warn({ err }, "an answer could not be sent"));
}

type Reply = Answer | Refusal | { code: number; body: unknown };

async function reply(gateway: Gateway, request: IncomingMessage, path: string): Promise<Reply> {
  const { client, executors } = gateway;
  const document = documents[path];
  if (document !== undefined || healthPaths.has(path)) {
    gateway.callerOf(request);
    return document === undefined ? health(client) : { code: 200, body: document };
  }
  const { wanted, subresource } = await admitted(gateway, request);
  if (!("answer" in subresource))
    throw new GatewayError(426, `${whatOf(wanted)} is a stream: ask for an upgrade to websocket`);
  return subresource.answer({ client, executors, wanted, body: await bodyOf(request) });
}

function send(response: ServerResponse, answered: Reply): void {
  const { bytes, contentType } =
    "bytes" in answered
      ? answered
      : { bytes: answered.body && JSON.stringify(answered.body), contentType: "application/json" };
  if (bytes === undefined) response.writeHead(answered.code);
  else response.writeHead(answered.code, { "content-type": contentType, "x-content-type-options": "nosniff" });
  response.end(bytes);
}

interface View {
  wanted: SubresourceRequest;
  peer: Peer;
}

async function view(gateway: Gateway, request: IncomingMessage): Promise<View> {
  const { client, executors } = gateway;
  const { upgrade } = request.headers;
  const { wanted, subresource } = await admitted(gateway, request);
  if (upgrade?.toLowerCase() !== "websocket")
    throw new GatewayError(400, `upgrade to ${upgrade} is not supported: expected websocket`);
  if (!("stream" in subresource))
    throw new GatewayError(400, `${whatOf(wanted)} is no stream: call it without upgrade`);
  return { wanted, peer: await subresource.stream({ client, executors, wanted }) };
}

function refuseUpgrade(gateway: Gateway, stream: Duplex, error: unknown): void {
  const { code, body } = refused(gateway, error);
  const text = JSON.stringify(body);
  const head = [`HTTP/1.1 ${code} ${body.reason}`, "content-type: application/json", "connection: close"];
  // Nobody reads from it any more, so a caller that never ends its side would keep it open.
  stream.once("finish", () => stream.destroy());
  stream.end([...head, `content-length: ${Buffer.byteLength(text)}`, "", text].join("\r\n"));
}

function refused({ log }: Gateway, error: unknown): Refusal {
  const refusal = refusalOf(error);
  if (refusal.code === 500) log.error({ err: error }, "call failed");
  if (refusal.code === 503) log.warn({ err: error }, "guest cannot be reached");
  return refusal;
}
