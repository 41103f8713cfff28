// Metrics over TLS, for those who show a token that may read them. The certificate is made at the start and lives in
// memory: it keeps tokens from being read on the way; who scrapes knows the controller by its pod.
import { createServer } from "node:https";
import { hostname } from "node:os";
import { issueCertificate } from "@knvirt/certificates";
import type { ScraperAuthorization, Verdict } from "@knvirt/kubernetes";
import { type Listening, listen } from "./listen.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";

export interface MetricsServerOptions {
  port: number;
  registry: FunctionMetrics["registry"];
  authorization: ScraperAuthorization;
  log: Log;
}

const statusOf: Record<Verdict, number> = { allowed: 200, unauthenticated: 401, forbidden: 403 };
const dayMs = 86_400_000;

export function serveMetrics({ port, registry, authorization, log }: MetricsServerOptions): Promise<Listening> {
  const server = createServer(ownCertificate(), async (request, response) => {
    try {
      const verdict = await authorization.check(request.headers.authorization);
      const isFound = request.method === "GET" && request.url?.split("?")[0] === "/metrics";
      response.statusCode = verdict === "allowed" && !isFound ? 404 : statusOf[verdict];
      if (response.statusCode !== 200) return void response.end();
      response.setHeader("content-type", registry.contentType);
      response.end(await registry.metrics());
    } catch (err) {
      log.warn({ err }, "scrape failed");
      response.writeHead(503).end();
    }
  });
  return listen(server, { port });
}

function ownCertificate(): { cert: string; key: string } {
  const { certificate, key } = issueCertificate({
    commonName: "knvirt-controller",
    names: [hostname()],
    notBefore: new Date(Date.now() - 5 * 60_000), // clocks differ
    notAfter: new Date(Date.now() + 3650 * dayMs),
  });
  return { cert: certificate, key };
}
