// The body of a call: JSON, small, and an object. Upstream takes YAML too: a few kilobytes of it, made for that, keep its
// parser busy for seconds, and all consoles with it. No known client sends any.
import type { IncomingMessage } from "node:http";
import { GatewayError } from "./errors.ts";

export type Body = Record<string, unknown>;

const maxBytes = 1024 * 1024;
/** So much is read of one that is refused: who is cut off while sending does not look for the answer. */
const patienceBytes = 16 * maxBytes;

/** Empty when there is none. Throws 400 or 413. */
export async function bodyOf(request: IncomingMessage): Promise<Body> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of piecesOf(request)) {
    size += piece.length;
    if (size <= maxBytes) pieces.push(piece);
    if (size > patienceBytes) break;
  }
  if (size > maxBytes) throw new GatewayError(413, `body is too large: expected at most ${maxBytes} bytes`);
  return parsed(Buffer.concat(pieces).toString());
}

/** Leaving early does not end the connection, which would take the answer with it. */
async function* piecesOf(request: IncomingMessage): AsyncIterable<Buffer> {
  try {
    yield* request.iterator({ destroyOnReturn: false });
  } catch (error) {
    throw new GatewayError(400, `body is not whole: ${(error as Error).message}`, { cause: error });
  }
}

function parsed(text: string): Body {
  const body = text.trim() === "" ? {} : (read(text) ?? {});
  if (typeof body === "object" && !Array.isArray(body)) return body as Body;
  throw new GatewayError(400, `body is no object: found ${Array.isArray(body) ? "a list" : typeof body}`);
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new GatewayError(400, `body is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** What would be done is checked, and not done. */
export function isDryRun(body: Body): boolean {
  const dryRun = body.dryRun ?? [];
  if (!Array.isArray(dryRun) || dryRun.some((word) => word !== "All"))
    throw new GatewayError(400, `dryRun is invalid: ${JSON.stringify(dryRun)}, expected ["All"] or none`);
  return dryRun.length > 0;
}
