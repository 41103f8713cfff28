// Events and sweeps by HTTP. An event is answered as soon as it is understood, before the work: Knative's source sends
// the changes of a kind one after another and waits for each answer, so that one slow visit would hold up all others.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ObjectReference } from "@knvirt/kubernetes";
import { FunctionError, httpStatusOf, reasonOf } from "./errors.ts";
import type { Log } from "./log.ts";
import { referenceOf } from "./reference.ts";
import { type Swept, summaryOf } from "./sweep.ts";

export interface ServerOptions {
  /** Names of the functions: events for one alone come to its own path, as a Trigger sends them. */
  names: readonly string[];
  /** Begins what the change of an object asks for: of one function, or of all. */
  take(reference: ObjectReference, name?: string): void;
  /** Runs the functions over all their objects. Calls that meet a running sweep share the next one. */
  sweep(): Promise<readonly Swept[]>;
  /** Resolves after so many seconds, or when the process is about to end. */
  stayAwake(seconds: number): Promise<void>;
  isReady(): boolean;
  /** Left out where others than our own user may connect. */
  metrics?: { contentType: string; text(): Promise<string> };
  log: Log;
}

type Route = (options: ServerOptions, request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

const routes: Record<string, Route> = {
  "GET /healthz": (_options, _request, response) => answer(response, 200),
  "GET /readyz": ({ isReady }, _request, response) => answer(response, isReady() ? 200 : 503),
  "GET /metrics": async ({ metrics }, _request, response) => {
    if (!metrics) return answer(response, 404);
    response.setHeader("content-type", metrics.contentType);
    return void response.end(await metrics.text());
  },
  "POST /sweep": async ({ sweep }, request, response) => {
    await bodyOf(request);
    const began = performance.now();
    const summary = summaryOf(await sweep());
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...summary, seconds: (performance.now() - began) / 1000 }));
  },
  "POST /awake": async ({ stayAwake }, request, response) => {
    await bodyOf(request);
    await stayAwake(Number(new URL(request.url ?? "", "http://here").searchParams.get("seconds")));
    answer(response, 204);
  },
};

const notFound: Route = (_options, _request, response) => answer(response, 404);

const takeEvent =
  (name?: string): Route =>
  async ({ isReady, take }, request, response) => {
    const body = await bodyOf(request);
    if (!isReady()) return answer(response, 503);
    take(referenceOf(request.headers, body), name);
    return answer(response, 202);
  };

export function functionServer(options: ServerOptions): Server {
  const named = options.names.map((name): [string, Route] => [`POST /${name}`, takeEvent(name)]);
  const table: Record<string, Route> = { ...routes, "POST /": takeEvent(), ...Object.fromEntries(named) };
  return createServer(async (request, response) => {
    const [path] = (request.url ?? "").split("?");
    try {
      await (table[`${request.method} ${path}`] ?? notFound)(options, request, response);
    } catch (error) {
      refuse(options.log, error, { path, response });
    }
  });
}

function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end(status === 200 ? "OK" : "");
}

/** A reference has a few hundred bytes. */
const largestBody = 65_536;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > largestBody) throw new FunctionError("TooLarge", `request is larger than ${largestBody} bytes`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A sender learns whether to try again; the cause of a failure stays in our log. */
function refuse(
  log: Log,
  error: unknown,
  { path, response }: { path: string | undefined; response: ServerResponse },
) {
  const status = httpStatusOf(error);
  const reason = reasonOf(error);
  if (status >= 500) log.error({ err: error, reason, path }, "request failed");
  else log.warn({ reason, error: (error as Error).message, path }, "request refused");
  if (response.headersSent) return void response.destroy();
  const message = status < 500 ? (error as Error).message : "see the log of the functions";
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  return void response.end(JSON.stringify({ reason, message }));
}
