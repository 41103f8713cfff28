// One request as the verbs see it, and what they answer.
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { User } from "./authentication.ts";

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  user: User;
  body(): Promise<Buffer>;
  /** Adds a Warning header to the answer. */
  warn(message: string): void;
  /** Aborted when the client has gone or the server stops. */
  signal: AbortSignal;
}

export interface TextReply {
  code: number;
  text: string | Uint8Array;
  contentType?: string;
  headers?: Record<string, string>;
}

/** Takes the response over. */
interface StreamReply {
  stream(response: ServerResponse): void | Promise<void>;
}

export type Reply = TextReply | StreamReply;

export const json = (body: unknown, code = 200): TextReply => ({ code, text: JSON.stringify(body) });
