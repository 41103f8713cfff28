// Metrics over HTTPS, for those who show a token. Only whether the process lives and works is told to everybody.
import { readFileSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { dirname } from "node:path";
import type { KeyPair } from "@knvirt/certificates";
import type { ScraperAuthorization, Verdict } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import type { Identity } from "./identity.ts";

interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export interface MetricsServerOptions {
  /** `host:port`, or the path of a unix socket. */
  listen: string;
  /** Kept in files by others, or the executor's own. */
  tls: TlsFiles | Identity;
  authorization: ScraperAuthorization;
  contentType: string;
  /** The text of a scrape. */
  scrape(): Promise<string>;
  /** The node's executor can do its work. */
  isReady(): boolean;
  log: Logger;
}

export async function serveMetrics(options: MetricsServerOptions): Promise<Server> {
  const listener = (request: IncomingMessage, answer: ServerResponse): void => {
    respond(options, request, answer).catch((err: unknown) => {
      options.log.warn({ err }, "a scrape failed");
      if (!answer.headersSent) answer.writeHead(503);
      answer.end("metrics are not available: see the executor's log\n");
    });
  };
  const { tls, listen } = options;
  const server = createServer("certFile" in tls ? readTls(tls) : contextOf(tls.current()), listener);
  if (!("certFile" in tls)) tls.onRenewed((pair) => server.setSecureContext(contextOf(pair)));
  await bind(server, listen);
  return server;
}

const readTls = ({ certFile, keyFile }: TlsFiles) => ({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
const contextOf = ({ certificate, key }: KeyPair) => ({ cert: certificate, key });

const refusals: Record<Exclude<Verdict, "allowed">, [code: number, text: string]> = {
  unauthenticated: [401, "metrics need a bearer token that the API server knows\n"],
  forbidden: [403, "this user may not get /metrics\n"],
};

async function respond(
  options: MetricsServerOptions,
  { method, url, headers }: IncomingMessage,
  answer: ServerResponse,
) {
  const path = url?.split("?")[0];
  if (path === "/healthz") return answer.end("ok\n");
  if (path === "/readyz")
    return options.isReady() ? answer.end("ok\n") : answer.writeHead(503).end("not ready yet\n");
  const verdict = await options.authorization.check(headers.authorization);
  if (verdict !== "allowed") {
    const [code, text] = refusals[verdict];
    return answer.writeHead(code, code === 401 ? { "www-authenticate": "Bearer" } : {}).end(text);
  }
  if (path !== "/metrics") return answer.writeHead(404).end("not found: metrics are at /metrics\n");
  if (method !== "GET") return answer.writeHead(405, { allow: "GET" }).end("metrics are only read: use GET\n");
  const text = await options.scrape();
  return answer.writeHead(200, { "content-type": options.contentType }).end(text);
}

async function bind(server: Server, listen: string): Promise<void> {
  const [, host, port] = /^(.*):(\d+)$/.exec(listen) ?? [];
  const isPath = host === undefined || listen.startsWith("/");
  if (isPath) {
    await mkdir(dirname(listen), { recursive: true, mode: 0o700 });
    await rm(listen, { force: true });
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    const where = isPath ? { path: listen } : { ...hostOf(host), port: Number(port) };
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
  if (isPath) await chmod(listen, 0o600);
}

/** Without one, node listens on every address that there is. */
const hostOf = (host = "") => (host === "" ? {} : { host: host.replace(/^\[|\]$/g, "") });
