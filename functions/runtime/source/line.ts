// The way to functions, wherever they listen: requests to one of their servers.
import { Agent, type RequestOptions, request } from "node:http";

/** A Unix socket, or the URL of a Service without a path. */
export type Destination = { socketPath: string } | { url: string };

export interface Line {
  to: Destination;
  agent: Agent;
  /** Ended with all that is under way. */
  signal: AbortSignal;
}

export interface OpenLine extends Line {
  close(): void;
}

const mostConnections = 8;

export function openLine(to: Destination): OpenLine {
  const closed = new AbortController();
  const agent = new Agent({ keepAlive: true, maxSockets: mostConnections });
  const close = (): void => {
    closed.abort();
    agent.destroy();
  };
  return { to, agent, signal: closed.signal, close };
}

export interface Message {
  path: string;
  headers?: Record<string, string>;
  body?: string;
  answerWithinMs: number;
}

/** An answer of functions has a few hundred bytes. */
const longestAnswer = 65_536;

/** Answers with the body; throws unless the functions say that all went well. */
export function post({ to, agent, signal }: Line, message: Message): Promise<string> {
  const { path, headers, body = "", answerWithinMs } = message;
  const options: RequestOptions = {
    ...addressOf(to),
    ...{ agent, signal, method: "POST", path, timeout: answerWithinMs, ...(headers && { headers }) },
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
