// Requests by HTTP, and what functions answer to them.
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type FunctionsAnswer, type FunctionsRequest, refusal } from "./answer.ts";
import { FunctionError } from "./errors.ts";
import type { Log } from "./log.ts";

export interface ServerOptions {
  answer(request: FunctionsRequest): Promise<FunctionsAnswer>;
  log: Log;
}

export const functionServer = (options: ServerOptions): Server =>
  createServer(async (request, response) => {
    const { status, headers = {}, body = "" } = await answerTo(options, request);
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(body);
  });

async function answerTo({ answer, log }: ServerOptions, request: IncomingMessage): Promise<FunctionsAnswer> {
  const { method = "", url: path = "", headers } = request;
  try {
    return await answer({ method, path, headers, body: method === "POST" ? await bodyOf(request) : "" });
  } catch (error) {
    return refusal(log, error, { path });
  }
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
