// How /metrics is answered, the same by all who serve it: only to who may read it, and nothing else to anybody.
import type { IncomingMessage, RequestListener } from "node:http";
import type { ScraperAuthorization, Verdict } from "./scraper-authorization.ts";

export interface ScrapeOptions {
  authorization: ScraperAuthorization;
  contentType: string;
  /** Of one scrape. */
  text(): string | Promise<string>;
  onError(error: unknown): void;
}

interface Reply {
  code: number;
  headers?: Record<string, string>;
  text: string;
}

const refusals: Record<Exclude<Verdict, "allowed">, Reply> = {
  unauthenticated: {
    code: 401,
    headers: { "www-authenticate": "Bearer" },
    text: "metrics need a bearer token that the API server knows\n",
  },
  forbidden: { code: 403, text: "this user may not get /metrics\n" },
};

export const metricsHandler =
  (options: ScrapeOptions): RequestListener =>
  (request, response) => {
    void replyTo(options, request)
      .catch((error: unknown): Reply => {
        options.onError(error);
        return { code: 503, text: "metrics are not available: see the log of this server\n" };
      })
      .then(({ code, headers, text }) => response.writeHead(code, headers).end(text));
  };

/** Strangers do not learn what there is. */
async function replyTo(
  { authorization, contentType, text }: ScrapeOptions,
  { method, url, headers }: IncomingMessage,
): Promise<Reply> {
  const verdict = await authorization.check(headers.authorization);
  if (verdict !== "allowed") return refusals[verdict];
  if (url?.split("?")[0] !== "/metrics") return { code: 404, text: "not found: metrics are at /metrics\n" };
  if (method !== "GET") return { code: 405, headers: { allow: "GET" }, text: "metrics are only read: use GET\n" };
  return { code: 200, headers: { "content-type": contentType }, text: await text() };
}
