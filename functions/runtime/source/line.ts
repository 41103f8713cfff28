// The way to functions, wherever they listen: requests to one of their servers.
import { Agent, type RequestOptions, request } from "node:http";

export interface Line {
  /** Answers with the body; throws unless the functions say that all went well. */
  post(message: Message): Promise<string>;
  /** Ended with all that is under way. */
  readonly signal: AbortSignal;
}

export interface OpenLine extends Line {
  close(): void;
}

export interface Message {
  path: string;
  headers?: Record<string, string>;
  body?: string;
  answerWithinMs: number;
}

/** A Unix socket, or the URL of a Service without a path. */
export type Destination = { socketPath: string } | { url: string };

const mostConnections = 8;

/** By HTTP. */
export function openLine(to: Destination): OpenLine {
  const closed = new AbortController();
  const agent = new Agent({ keepAlive: true, maxSockets: mostConnections });
  const { signal } = closed;
  return {
    post: (message) => send({ ...addressOf(to), agent, signal }, message),
    signal,
    close: () => {
      closed.abort();
      agent.destroy();
    },
  };
}

/** An answer of functions has a few hundred bytes. */
const longestAnswer = 65_536;

function send(connection: RequestOptions, { path, headers, body = "", answerWithinMs }: Message): Promise<string> {
  const options: RequestOptions = {
    ...connection,
    ...{ method: "POST", path, timeout: answerWithinMs, ...(headers && { headers }) },
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        if (text.length < longestAnswer) text += chunk;
      });
      const status = answer.statusCode ?? 500;
      answer.on("end", () => (status < 300 ? resolve(text) : reject(new Error(`functions answered ${status}`))));
      answer.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`functions had no answer in ${answerWithinMs} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function addressOf(to: Destination): RequestOptions {
  if ("socketPath" in to) return { socketPath: to.socketPath };
  const { hostname, port } = new URL(to.url);
  return { hostname, port: port || 80 };
}
