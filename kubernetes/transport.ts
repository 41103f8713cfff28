// One HTTPS request to the API server: connections are kept alive, answers are JSON, refusals are thrown as ApiError.
import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import type { ClusterAccess } from "./access.ts";
import { ApiError } from "./errors.ts";

export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  contentType?: string;
  body?: unknown;
  signal?: AbortSignal;
  /** No answer for so long fails the request; streams wait without limit. */
  timeoutMs?: number;
}

export interface Transport {
  /** Resolves when the head of a good answer is there; the body is still to be read. */
  open(call: ApiRequest): Promise<IncomingMessage>;
  /** The parsed body of a good answer. */
  call<Answer>(call: ApiRequest): Promise<Answer>;
  /** A good answer of many lines, each parsed as it comes; resolves with its head. It ends with the loop over it, and
   * breaks off after a silence. */
  lines<Line>(call: ApiRequest, longestSilenceMs: number): Promise<AsyncIterable<Line>>;
  /** Sent and awaited so far, by verb: what benchmarks and tests count. */
  readonly sent: Readonly<Record<string, number>>;
  close(): void;
}

const requestTimeoutMs = 30_000;

export function connectTransport(access: ClusterAccess, userAgent = "knvirt"): Transport {
  const agent = new Agent({
    keepAlive: true,
    ...(access.ca && { ca: access.ca }),
    ...access.clientCertificate,
  });
  const sent: Record<string, number> = {};
  const base = new URL(access.server);
  const open = (call: ApiRequest): Promise<IncomingMessage> => {
    sent[call.method] = (sent[call.method] ?? 0) + 1;
    return send(options({ base, agent, access, userAgent }, call), call);
  };
  return {
    sent,
    open,
    call: async <Answer>(call: ApiRequest) =>
      JSON.parse(await text(await open({ timeoutMs: requestTimeoutMs, ...call }))) as Answer,
    lines: async <Line>(call: ApiRequest, longestSilenceMs: number) => {
      const stream = await open(call);
      stream.setTimeout(longestSilenceMs);
      return parsed<Line>(linesOf(stream));
    },
    close: () => agent.destroy(),
  };
}

interface Wiring {
  base: URL;
  agent: Agent;
  access: ClusterAccess;
  userAgent: string;
}

function options({ base, agent, access, userAgent }: Wiring, call: ApiRequest): RequestOptions {
  const token = access.token?.();
  return {
    agent,
    method: call.method,
    hostname: base.hostname.replace(/^\[|\]$/g, ""),
    port: base.port || 443,
    path: call.path + queryText(call.query ?? {}),
    headers: {
      accept: "application/json",
      "user-agent": userAgent,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(call.body !== undefined && { "content-type": call.contentType ?? "application/json" }),
    },
    ...(call.signal && { signal: call.signal }),
    ...(call.timeoutMs !== undefined && { timeout: call.timeoutMs }),
  };
}

function queryText(query: NonNullable<ApiRequest["query"]>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? "" : `?${parameters}`;
}

function send(wire: RequestOptions, call: ApiRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const outgoing = request(wire, (incoming) => {
      answer = incoming;
      const code = incoming.statusCode ?? 500;
      if (code < 300) resolve(incoming);
      else text(incoming).then((body) => reject(refusal(code, body)), reject);
    });
    outgoing.once("timeout", () => {
      const silent = new Error(`${call.method} ${call.path} was not answered in time`);
      answer?.destroy(silent); // who reads the body is told why it ends
      outgoing.destroy(silent);
    });
    outgoing.on("error", reject);
    if (call.body === undefined) return void outgoing.end();
    const body = Buffer.from(JSON.stringify(call.body));
    outgoing.setHeader("content-length", body.length); // node sends the body of a DELETE without a length otherwise
    return void outgoing.end(body);
  });
}

async function* parsed<Line>(lines: AsyncIterable<string>): AsyncGenerator<Line> {
  for await (const line of lines) yield JSON.parse(line) as Line;
}

/** Not node:readline, which also ends lines at U+2028 and U+2029: JSON has those in its strings as they are. */
async function* linesOf(stream: IncomingMessage): AsyncGenerator<string> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream as AsyncIterable<string>) {
    rest += chunk;
    if (!chunk.includes("\n")) continue; // a large object comes in many chunks
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

async function text(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function refusal(code: number, body: string): ApiError {
  try {
    return new ApiError(code, JSON.parse(body) as { message?: string });
  } catch {
    return new ApiError(code, { message: `API server answered ${code}: ${body.slice(0, 200)}` });
  }
}
