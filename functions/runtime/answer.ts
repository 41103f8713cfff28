// What functions answer to a request, however it reaches them. An event is answered as soon as it is understood, before
// the work: Knative's source sends the changes of a kind one after another and waits for each answer, so that one slow
// visit would hold up all others.
import type { Clock, ObjectReference } from "@knvirt/kubernetes";
import type { EventHeaders } from "./cloud-event.ts";
import { httpStatusOf, reasonOf } from "./errors.ts";
import type { Log } from "./log.ts";
import { referenceOf } from "./reference.ts";
import { type Swept, summaryOf } from "./sweep.ts";

export interface FunctionsRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: EventHeaders;
  body: string;
}

export interface FunctionsAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface AnswerOptions {
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
  clock: Clock;
}

type Route = (options: AnswerOptions, request: FunctionsRequest) => Promise<FunctionsAnswer> | FunctionsAnswer;

const json = { "content-type": "application/json" };

const routes: Record<string, Route> = {
  "GET /healthz": () => ({ status: 200, body: "OK" }),
  "GET /readyz": ({ isReady }) => (isReady() ? { status: 200, body: "OK" } : { status: 503 }),
  "GET /metrics": async ({ metrics }) =>
    metrics
      ? { status: 200, headers: { "content-type": metrics.contentType }, body: await metrics.text() }
      : { status: 404 },
  "POST /sweep": async ({ sweep, clock }) => {
    const began = clock.elapsedMs();
    const summary = summaryOf(await sweep());
    const seconds = (clock.elapsedMs() - began) / 1000;
    return { status: 200, headers: json, body: JSON.stringify({ ...summary, seconds }) };
  },
  "POST /awake": async ({ stayAwake }, { path }) => {
    await stayAwake(Number(new URL(path, "http://here").searchParams.get("seconds")));
    return { status: 204 };
  },
};

const notFound: Route = () => ({ status: 404 });

const takeEvent =
  (name?: string): Route =>
  ({ isReady, take }, { headers, body }) => {
    if (!isReady()) return { status: 503 };
    take(referenceOf(headers, body), name);
    return { status: 202 };
  };

/** The answer never rejects: what goes wrong is logged, and answered with its status. */
export function functionsAnswer(options: AnswerOptions): (request: FunctionsRequest) => Promise<FunctionsAnswer> {
  const named = options.names.map((name): [string, Route] => [`POST /${name}`, takeEvent(name)]);
  const table: Record<string, Route> = { ...routes, "POST /": takeEvent(), ...Object.fromEntries(named) };
  return async (request) => {
    const path = pathOnly(request);
    try {
      return await (table[`${request.method} ${path}`] ?? notFound)(options, request);
    } catch (error) {
      return refusal(options.log, error, request);
    }
  };
}

const pathOnly = ({ path }: Pick<FunctionsRequest, "path">): string => path.split("?")[0] ?? "";

/** A sender learns whether to try again; the cause of a failure stays in our log. */
export function refusal(log: Log, error: unknown, request: Pick<FunctionsRequest, "path">): FunctionsAnswer {
  const status = httpStatusOf(error);
  const reason = reasonOf(error);
  const path = pathOnly(request);
  if (status >= 500) log.error({ err: error, reason, path }, "request failed");
  else log.warn({ reason, error: (error as Error).message, path }, "request refused");
  const message = status < 500 ? (error as Error).message : "see the log of the functions";
  return { status, headers: { ...json, connection: "close" }, body: JSON.stringify({ reason, message }) };
}
