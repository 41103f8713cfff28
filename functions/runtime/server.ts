// CloudEvent in; 204 or 5xx out. A request is answered when all that it was about is done.
import type { Key } from "@knvirt/kubernetes";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { type FunctionDefinition, keysConcerned } from "./definition.ts";
import { httpStatusOf, reasonOf } from "./errors.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";
import { referenceOf } from "./reference.ts";

export interface ServerOptions {
  definitions: readonly FunctionDefinition[];
  visit(definition: FunctionDefinition, key: Key): Promise<unknown>;
  /** Runs the functions over all their objects. Calls that meet a running sweep share the next one. */
  sweep(definitions: readonly FunctionDefinition[]): Promise<void>;
  isReady(): boolean;
  metrics: FunctionMetrics;
  log: Log;
}

/** A reference has a few hundred bytes. */
const largestBody = "64kb";

export function functionServer(options: ServerOptions): Express {
  const { definitions, sweep, isReady, metrics, log } = options;
  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", (_request, response) => void response.send("ok"));
  app.get("/readyz", (_request, response) => void response.sendStatus(isReady() ? 200 : 503));
  app.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  app.post("/sweep", async (_request, response) => {
    await sweep(definitions);
    response.sendStatus(204);
  });
  app.post("/", express.text({ type: () => true, limit: largestBody }), takeEvent(options));
  app.use((_request, response) => void response.sendStatus(404));
  app.use(answerError(log));
  return app;
}

const takeEvent =
  ({ definitions, visit, sweep, isReady }: ServerOptions): RequestHandler =>
  async (request, response) => {
    if (!isReady()) return void response.sendStatus(503);
    const reference = referenceOf(request.headers, typeof request.body === "string" ? request.body : "");
    const work = definitions.map((definition) => {
      const keys = keysConcerned(definition, reference);
      return keys === "all" ? [sweep([definition])] : keys.map((key) => visit(definition, key));
    });
    await Promise.all(work.flat());
    return void response.sendStatus(204);
  };

/** A sender learns whether to try again; the cause of a failure stays in our log. */
const answerError =
  (log: Log): ErrorRequestHandler =>
  // biome-ignore lint/complexity/useMaxParams: express knows an error handler by its four parameters
  (error, request, response, next) => {
    const status = httpStatusOf(error);
    const reason = reasonOf(error);
    if (status >= 500) log.error({ err: error, reason }, "event failed");
    else log.warn({ reason, error: (error as Error).message, path: request.path }, "event refused");
    if (response.headersSent) return void next(error);
    const message = status < 500 ? (error as Error).message : "see the log of the functions";
    return void response.status(status).json({ reason, message });
  };
