// A real API server on a temporary directory, and the small HTTPS client that tests speak to it with.
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ApiServer, type ApiServerOptions, startApiServer, type TokenUser } from "../index.ts";

export const admin: TokenUser = { token: "secret-of-admin", username: "admin", groups: ["system:masters"] };

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Json = any;

interface Answer {
  code: number;
  body: Json;
  text: string;
  headers: IncomingHttpHeaders;
}

interface Request {
  body?: unknown;
  headers?: Record<string, string>;
  token?: string | undefined;
}

export interface WatchLine {
  type: string;
  object: Json;
}

export interface TestServer {
  url: string;
  ca: string;
  dataDir: string;
  request(method: string, path: string, request?: Request): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  patch(path: string, body: unknown, type?: string): Promise<Answer>;
  apply(path: string, body: unknown): Promise<Answer>;
  delete(path: string, body?: unknown): Promise<Answer>;
  watch(path: string): Watch;
  /** Asks for a websocket, sends the text as it is, answers all that came until the other side closed. */
  upgrade(path: string, text: string): Promise<string>;
  /** Stops and starts on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestServer(options: Partial<ApiServerOptions> = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "knvirt-api-"));
  const start = () => startApiServer({ dataDir, port: 0, tokens: [admin], ...options });
  let server = await start();
  const request = (method: string, path: string, given: Request = {}) => call(server, { method, path, ...given });
  return {
    get url() {
      return server.url;
    },
    get ca() {
      return server.ca;
    },
    dataDir,
    request,
    get: (path, headers = {}) => request("GET", path, { headers }),
    post: (path, body) => request("POST", path, { body }),
    put: (path, body) => request("PUT", path, { body }),
    patch: (path, body, type = "merge-patch+json") =>
      request("PATCH", path, { body, headers: { "content-type": `application/${type}` } }),
    apply: (path, body) =>
      request("PATCH", `${path}${path.includes("?") ? "&" : "?"}fieldManager=test`, {
        ...{ body, headers: { "content-type": "application/apply-patch+yaml" } },
      }),
    delete: (path, body) => request("DELETE", path, body === undefined ? {} : { body }),
    watch: (path) => new Watch(server, path),
    upgrade: (path, text) => upgrade(server, path, text),
    restart: async () => {
      await server.close();
      server = await start();
    },
    close: async () => {
      await server.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

function open(
  server: ApiServer,
  { method, path, body, headers, token = admin.token }: Request & Line,
): Promise<IncomingMessage> {
  const payload =
    body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(`${server.url}${path}`, {
      ...{ method, ca: server.ca, agent: false },
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        // Node sends none by itself with DELETE.
        ...(payload !== undefined && {
          ...{ "content-type": "application/json", "content-length": String(Buffer.byteLength(payload as string)) },
        }),
        ...headers,
      },
    });
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
    outgoing.end(payload);
  });
}

function upgrade(server: ApiServer, path: string, sent: string): Promise<string> {
  const headers = { authorization: `Bearer ${admin.token}`, connection: "upgrade", upgrade: "websocket" };
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(`${server.url}${path}`, { ca: server.ca, headers, agent: false });
    outgoing.once("upgrade", (_answer, socket, first) => {
      let text = first.toString();
      socket.on("data", (bytes: Buffer) => {
        text += bytes;
      });
      socket.once("end", () => resolve(text));
      socket.write(sent);
    });
    outgoing.once("response", ({ statusCode }) => reject(new Error(`refused with ${statusCode}`)));
    outgoing.once("error", reject);
    outgoing.end();
  });
}

interface Line {
  method: string;
  path: string;
}

async function call(server: ApiServer, line: Request & Line): Promise<Answer> {
  const answer = await open(server, line);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const isJson = answer.headers["content-type"]?.startsWith("application/json") && text !== "";
  return { code: answer.statusCode ?? 0, body: isJson ? JSON.parse(text) : text, text, headers: answer.headers };
}

/** An open watch; what it has seen so far is in `lines`. */
export class Watch {
  readonly lines: WatchLine[] = [];
  readonly #answer: Promise<IncomingMessage>;
  #ended = false;
  #wake: () => void = () => {};
  #error: unknown;

  constructor(server: ApiServer, path: string) {
    this.#answer = open(server, { method: "GET", path });
    void this.#read().catch((error: unknown) => {
      this.#error = error;
      this.#end();
    });
  }

  /** Resolves when so many lines have come; rejects when the stream ends before. */
  async seen(count: number): Promise<WatchLine[]> {
    while (this.lines.length < count) {
      if (this.#ended) throw new Error(`watch ended after ${this.lines.length} lines`, { cause: this.#error });
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.lines.slice(0, count);
  }

  async ended(): Promise<WatchLine[]> {
    while (!this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.lines;
  }

  async close(): Promise<void> {
    (await this.#answer).destroy();
    await this.ended();
  }

  async #read(): Promise<void> {
    const answer = await this.#answer;
    answer.once("close", () => this.#end());
    for await (const line of createInterface({ input: answer })) {
      this.lines.push(JSON.parse(line) as WatchLine);
      this.#wake();
    }
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}
