// An API server as this comparison speaks to it: whole answers with their warnings, and watches line by line.
import { Agent, type RequestOptions, request } from "node:https";
import { createInterface } from "node:readline";
import type { ClusterAccess } from "@knvirt/kubernetes";

// biome-ignore lint/suspicious/noExplicitAny: answers are of every shape, refusals among them
export type Json = any;

export interface Sent {
  method: string;
  /** With its query. */
  path: string;
  contentType?: string;
  body?: unknown;
}

export interface Answer {
  code: number;
  body: Json;
  warnings: string[];
}

export interface Watch {
  /** What has come so far. */
  lines: { type: string; object: Json }[];
  /** Set where the watch was refused. */
  refusal?: Answer;
  /** Resolves when it is known whether it is a watch or a refusal. */
  opened: Promise<void>;
  close(): void;
}

export interface Server {
  name: string;
  call(sent: Sent): Promise<Answer>;
  watch(path: string): Watch;
  close(): void;
}

export function serverAt(name: string, access: ClusterAccess): Server {
  const agent = new Agent({ keepAlive: true, ...(access.ca && { ca: access.ca }), ...access.clientCertificate });
  const url = new URL(access.server);
  const optionsOf = ({ method, path, contentType, body }: Sent): RequestOptions => ({
    ...{ agent, method, path, hostname: url.hostname, port: url.port },
    headers: {
      "user-agent": "compare/1",
      accept: "application/json",
      ...(access.token && { authorization: `Bearer ${access.token()}` }),
      ...(body !== undefined && {
        "content-type": contentType ?? "application/json",
        // Node sends none by itself with DELETE.
        "content-length": Buffer.byteLength(textOf(body)),
      }),
    },
  });
  return {
    name,
    call: (sent) => answered(optionsOf(sent), sent.body),
    watch: (path) => opened(optionsOf({ method: "GET", path })),
    close: () => agent.destroy(),
  };
}

function answered(options: RequestOptions, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.once("error", reject);
      incoming.once("end", () => {
        const warnings = [incoming.headers.warning ?? []].flat().flatMap((header) => header.split(/, (?=299 )/));
        resolve({ code: incoming.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()), warnings });
      });
    });
    outgoing.once("error", reject);
    outgoing.end(body === undefined ? undefined : Buffer.from(textOf(body)));
  });
}

const textOf = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function opened(options: RequestOptions): Watch {
  const open = Promise.withResolvers<void>();
  const watch: Watch = { lines: [], opened: open.promise, close: () => outgoing.destroy() };
  const outgoing = request(options, (incoming) => {
    const chunks: string[] = [];
    const isWatch = incoming.statusCode === 200;
    if (isWatch) open.resolve();
    createInterface({ input: incoming })
      .on("line", (line) => (isWatch ? watch.lines.push(parsed(line)) : chunks.push(line)))
      // Closing the watch ourselves is heard as an error here.
      .on("error", () => undefined)
      .once("close", () => {
        if (!isWatch)
          watch.refusal = { code: incoming.statusCode ?? 0, body: parsed(chunks.join("\n")), warnings: [] };
        open.resolve();
      });
    incoming.on("error", () => open.resolve());
  });
  outgoing.on("error", () => open.resolve());
  outgoing.end();
  return watch;
}
