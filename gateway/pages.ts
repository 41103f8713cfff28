// What the gateway tells of itself: to probes without a word, to whoever may read metrics.
import type { RequestListener } from "node:http";
import { metricsHandler, type ScraperAuthorization } from "@knvirt/kubernetes";
import type { Logger } from "pino";

export interface Pages {
  authorization: ScraperAuthorization;
  isReady(): boolean;
  /** The text of a scrape. */
  scrape(): string;
  log: Logger;
}

export const pagesOf = ({ authorization, isReady, scrape, log }: Pages): Record<string, RequestListener> => ({
  "/healthz": (_request, response) => response.end("ok\n"),
  "/readyz": (_request, response) =>
    isReady() ? response.end("ok\n") : response.writeHead(503).end("the gateway ends\n"),
  "/metrics": metricsHandler({
    authorization,
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    text: scrape,
    onError: (err) => log.warn({ err }, "a scrape failed"),
  }),
});
