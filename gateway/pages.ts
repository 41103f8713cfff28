// What the gateway tells of itself: to probes without a word, to whoever may read metrics.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { ScraperAuthorization, Verdict } from "@knvirt/kubernetes";
import type { Logger } from "pino";

export interface Pages {
  authorization: ScraperAuthorization;
  isReady(): boolean;
  /** The text of a scrape. */
  scrape(): string;
  log: Logger;
}

const refusals: Record<Exclude<Verdict, "allowed">, [code: number, text: string]> = {
  unauthenticated: [401, "metrics need a bearer token that the API server knows\n"],
  forbidden: [403, "this user may not get /metrics\n"],
};

export const pagesOf = (pages: Pages): Record<string, RequestListener> => ({
  "/healthz": (_request, response) => response.end("ok\n"),
  "/readyz": (_request, response) =>
    pages.isReady() ? response.end("ok\n") : response.writeHead(503).end("the gateway ends\n"),
  "/metrics": (request, response) => {
    tellMetrics(pages, request, response).catch((err: unknown) => {
      pages.log.warn({ err }, "a scrape failed");
      response.writeHead(503).end("metrics are not available: see the gateway's log\n");
    });
  },
});

async function tellMetrics({ authorization, scrape }: Pages, { headers }: IncomingMessage, response: ServerResponse) {
  const verdict = await authorization.check(headers.authorization);
  if (verdict === "allowed")
    return response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(scrape());
  const [code, text] = refusals[verdict];
  return response.writeHead(code, code === 401 ? { "www-authenticate": "Bearer" } : {}).end(text);
}
