// The HTTPS listener: every request gets an answer, and no request ends the process.
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { failureStatus, toApiError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { TextReply } from "./call.ts";
import { type Incoming, type Routing, route, routeUpgrade } from "./router.ts";

/** Longer than clients keep idle connections, so that they, not we, close them. */
const keepAliveMs = 5 * 60 * 1000;

interface Listener {
  routing: Routing;
  log: Log;
  tls: { key: string; cert: string };
  port: number;
}

export async function listen({ routing, log, tls, port }: Listener): Promise<{ server: Server; port: number }> {
  const server = createServer({ ...tls, keepAliveTimeout: keepAliveMs }, (request, response) => {
    response.on("error", (error) => log.debug({ error }, "client left"));
    void respond(routing, { request, response, warnings: [] }, log);
  });
  server.on("upgrade", (request, client, head) => {
    client.on("error", () => client.destroy());
    routing.closing.addEventListener("abort", () => client.destroy(), { once: true });
    routeUpgrade(routing, request, { client, head }).catch((error: unknown) => refuseUpgrade(client, error, log));
  });
  server.on("tlsClientError", (error) => log.debug({ error }, "TLS handshake failed"));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function respond(routing: Routing, incoming: Incoming, log: Log): Promise<void> {
  const { request, response, warnings } = incoming;
  try {
    const reply = await route(routing, incoming);
    if ("stream" in reply) await reply.stream(response);
    else send(response, { ...reply, ...(request.method === "HEAD" && { text: "" }) }, warnings);
  } catch (error) {
    const refusal = toApiError(error);
    if (refusal.code >= 500) log.error({ error, method: request.method, url: request.url }, "request failed");
    if (response.headersSent) response.destroy();
    else send(response, refusalReply(refusal, request.complete), warnings);
  }
}

/** The rest of a body that nobody read would be taken for the next request. */
function refusalReply(refusal: ReturnType<typeof toApiError>, isBodyRead: boolean): TextReply {
  const headers: Record<string, string> = isBodyRead ? {} : { connection: "close" };
  if (refusal.code === 401) headers["www-authenticate"] = "Bearer";
  return { code: refusal.code, text: JSON.stringify(failureStatus(refusal)), headers };
}

function send(response: ServerResponse, reply: TextReply, warnings: string[]): void {
  const { code, text, contentType = "application/json", headers } = reply;
  const body = Buffer.from(text as string);
  // On a 304 they would be taken for those of the document the client has.
  const content = code === 304 ? {} : { "content-type": contentType, "content-length": body.length };
  for (const warning of warnings.slice(0, 50)) response.appendHeader("warning", warningValue(warning));
  response.writeHead(code, { ...content, ...headers });
  response.end(body);
}

/** RFC 9110 quoted text; header values are ASCII. */
const warningValue = (text: string): string =>
  `299 - "${text
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, 400)
    .replace(/["\\]/g, "\\$&")}"`;

function refuseUpgrade(client: Duplex, error: unknown, log: Log): void {
  const refusal = toApiError(error);
  if (refusal.code >= 500) log.error({ error }, "upgrade failed");
  if (!client.writable) return;
  const body = JSON.stringify(failureStatus(refusal));
  const head = [
    `HTTP/1.1 ${refusal.code} ${refusal.reason}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  client.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
