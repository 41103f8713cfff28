// Metrics over TLS, for those who show a token that may read them. The certificate keeps tokens from being read on the
// way; who scrapes knows the controller by its pod.
import { createServer } from "node:https";
import { hostname } from "node:os";
import { openIdentity, showRenewed } from "@knvirt/certificates";
import { metricsHandler, type ScraperAuthorization, systemClock } from "@knvirt/kubernetes";
import { type Listening, listen } from "./listen.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";

export interface MetricsServerOptions {
  port: number;
  registry: FunctionMetrics["registry"];
  authorization: ScraperAuthorization;
  log: Log;
}

export function serveMetrics({ port, registry, authorization, log }: MetricsServerOptions): Promise<Listening> {
  const scraped = metricsHandler({
    authorization,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    onError: (err) => log.warn({ err }, "a scrape failed"),
  });
  const server = createServer(scraped);
  showRenewed(server, openIdentity({ commonName: "knvirt-controller", names: [hostname()], now: systemClock.now() }));
  return listen(server, { port });
}
