// The body of a call: JSON or YAML, small, and an object.
import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import { GatewayError } from "./errors.ts";

export type Body = Record<string, unknown>;

const maxBytes = 1024 * 1024;

/** Empty when there is none. Throws 400 or 413. */
export async function bodyOf(request: IncomingMessage): Promise<Body> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBytes) throw new GatewayError(413, `body is too large: expected at most ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return parsed(Buffer.concat(pieces).toString());
}

function parsed(text: string): Body {
  const body = read(text) ?? {};
  if (typeof body === "object" && !Array.isArray(body)) return body as Body;
  throw new GatewayError(400, `body is no object: found ${Array.isArray(body) ? "a list" : typeof body}`);
}

/** YAML is JSON too, and reading JSON as such is quicker. */
function read(text: string): unknown {
  try {
    return text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new GatewayError(400, `body is neither JSON nor YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** What would be done is checked, and not done. */
export function isDryRun({ dryRun = [] }: Body): boolean {
  if (!Array.isArray(dryRun) || dryRun.some((word) => word !== "All"))
    throw new GatewayError(400, `dryRun is invalid: ${JSON.stringify(dryRun)}, expected ["All"] or none`);
  return dryRun.length > 0;
}
