// Metrics over HTTPS, for those who show a token. Only whether the process lives and works is told to everybody.
import { readFileSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { dirname } from "node:path";
import { type ShownIdentity, showIdentity } from "@knvirt/certificates";
import { metricsHandler, type ScrapeOptions } from "@knvirt/kubernetes";

interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export interface MetricsServerOptions {
  /** `host:port`, or the path of a unix socket. */
  listen: string;
  /** Kept in files by others, or the executor's own. */
  tls: TlsFiles | ShownIdentity;
  scrapes: ScrapeOptions;
  /** The node's executor can do its work. */
  isReady(): boolean;
}

export async function serveMetrics({ listen, tls, scrapes, isReady }: MetricsServerOptions): Promise<Server> {
  const scraped = metricsHandler(scrapes);
  const server = createServer((request: IncomingMessage, answer: ServerResponse) => {
    const path = request.url?.split("?")[0];
    if (path === "/healthz") answer.end("ok\n");
    else if (path !== "/readyz") scraped(request, answer);
    else if (isReady()) answer.end("ok\n");
    else answer.writeHead(503).end("not ready yet\n");
  });
  if ("certFile" in tls) server.setSecureContext(readTls(tls));
  else showIdentity(server, tls);
  await bind(server, listen);
  return server;
}

const readTls = ({ certFile, keyFile }: TlsFiles) => ({ cert: readFileSync(certFile), key: readFileSync(keyFile) });

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
