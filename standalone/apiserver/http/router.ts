// From a request to the answer: who asks, what the path means, who serves it.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { discover } from "../discovery/index.ts";
import { badRequest, noSuchResource } from "../errors.ts";
import type { Machinery } from "../machinery.ts";
import { answer } from "../verbs/index.ts";
import { findBackend, proxy, proxyUpgrade, type ServiceSockets } from "./api-services.ts";
import { authenticate, type FindUser, type User } from "./authentication.ts";
import { readBody } from "./body.ts";
import type { Call, Reply } from "./call.ts";
import { parseGroupVersion, parseResourcePath, resolve } from "./resource-call.ts";

export interface Routing {
  machinery: Machinery;
  findUser: FindUser;
  sockets: ServiceSockets;
  /** Aborted when the server stops. */
  closing: AbortSignal;
}

export interface Incoming {
  request: IncomingMessage;
  response: ServerResponse;
  warnings: string[];
}

/** These tell that the process lives, and nothing else. */
const openPaths = ["/livez", "/readyz", "/healthz"];

export async function route(routing: Routing, incoming: Incoming): Promise<Reply> {
  const { request } = incoming;
  const url = urlOf(request);
  if (openPaths.includes(url.pathname)) return { code: 200, text: "ok", contentType: "text/plain; charset=utf-8" };
  const user = authenticate(routing.findUser, request.headers.authorization);
  const call = callOf(routing, incoming, { url, user });
  return (await discover(routing, call)) ?? serveResource(routing, call, incoming);
}

function urlOf({ url = "/" }: IncomingMessage): URL {
  const parsed = URL.parse(`https://localhost${url}`);
  if (parsed) return parsed;
  throw badRequest("the path of the request is no path");
}

const pathAndQuery = ({ pathname, search }: URL): string => pathname + search;

function callOf(
  { closing }: Routing,
  { request, response, warnings }: Incoming,
  { url, user }: { url: URL; user: User },
): Call {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    user,
    body: () => readBody(request),
    warn: (message) => void warnings.push(message),
    signal: AbortSignal.any([gone.signal, closing]),
  };
}

async function serveResource(routing: Routing, call: Call, { request }: Incoming): Promise<Reply> {
  const { machinery, sockets } = routing;
  const place = parseGroupVersion(call.path);
  if (!place) throw noSuchResource();
  const path = parseResourcePath(place);
  if (path && machinery.catalog.find(place.group, place.version, path.plural))
    return answer(machinery, resolve(machinery.catalog, path, call));
  const socketPath = findBackend(machinery, sockets, place);
  if (!socketPath) throw noSuchResource();
  const forwarded = { socketPath, path: pathAndQuery(urlOf(request)), incoming: request, user: call.user };
  return { stream: (response) => proxy(forwarded, response) };
}

/** Only backends speak websocket here. */
export async function routeUpgrade(
  { machinery, findUser, sockets }: Routing,
  request: IncomingMessage,
  { client, head }: { client: Duplex; head: Buffer },
): Promise<void> {
  const user = authenticate(findUser, request.headers.authorization ?? bearerProtocol(request));
  const url = urlOf(request);
  const place = parseGroupVersion(url.pathname);
  const socketPath = place && findBackend(machinery, sockets, place);
  if (!socketPath) throw noSuchResource();
  await proxyUpgrade({ socketPath, path: pathAndQuery(url), incoming: request, user }, client, head);
}

/** Browsers cannot set a header on a websocket: Kubernetes takes the token as a subprotocol. */
function bearerProtocol({ headers }: IncomingMessage): string | undefined {
  const prefix = "base64url.bearer.authorization.k8s.io.";
  const offered = String(headers["sec-websocket-protocol"] ?? "").split(",");
  const encoded = offered.map((one) => one.trim()).find((one) => one.startsWith(prefix));
  return encoded && `Bearer ${Buffer.from(encoded.slice(prefix.length), "base64url").toString()}`;
}
