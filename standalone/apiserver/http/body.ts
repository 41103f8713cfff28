// Request bodies: bounded in size and depth, JSON or YAML.
import type { IncomingMessage } from "node:http";
import { ApiError, badRequest } from "../errors.ts";
import { isRecord } from "../object.ts";
import { decodeProtobuf, protobufType } from "../protobuf/decode.ts";
import { depthErrors, type JsonValue } from "../schema/index.ts";
import { parseYaml } from "./yaml.ts";

/** As Kubernetes: etcd would not take more. */
const maxBodyBytes = 3 * 1024 * 1024;

const tooLarge = () =>
  new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${maxBodyBytes} bytes`);

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

type Parser = (text: string, body: Buffer) => unknown;

const parsers: Record<string, Parser> = {
  [protobufType]: (_text, body) => decodeProtobuf(body),
  "application/json": (text) => JSON.parse(text),
  "application/json-patch+json": (text) => JSON.parse(text),
  "application/merge-patch+json": (text) => JSON.parse(text),
  "application/strategic-merge-patch+json": (text) => JSON.parse(text),
  "application/yaml": parseYaml,
  "application/apply-patch+yaml": parseYaml,
};

export const mediaType = (header: string | undefined): string =>
  (header ?? "application/json").split(";")[0]?.trim().toLowerCase() || "application/json";

/** What whole objects, and the options of a deletion, may be sent as. */
export const objectTypes = ["application/json", "application/yaml", protobufType];

/** The media types are those that this endpoint takes. */
export function decode(body: Buffer, contentType: string, accepted: readonly string[]): JsonValue {
  const parser = parsers[contentType];
  if (!parser || !accepted.includes(contentType)) throw unsupported(accepted);
  const value = parsed(parser, body);
  // A kind that is not read in protobuf: its client has JSON too.
  if (value === undefined) throw unsupported(accepted);
  const [problem] = depthErrors(value as JsonValue);
  if (problem) throw badRequest(`the body of the request ${problem.message}`);
  if (hasPrototypeKey(value)) throw badRequest('the body of the request must not have a field named "__proto__"');
  return value as JsonValue;
}

function unsupported(accepted: readonly string[]): ApiError {
  const list = accepted.filter((type) => type !== protobufType).join(", ");
  const why = `the body of the request was in an unknown format - accepted media types include: ${list}`;
  return new ApiError("UnsupportedMediaType", why);
}

function parsed(parser: Parser, body: Buffer): unknown {
  try {
    return parser(body.toString("utf8"), body);
  } catch (error) {
    throw badRequest(`couldn't parse the body of the request: ${(error as Error).message}`);
  }
}

/** Assigning such a field would change the object's behaviour instead of its content. */
function hasPrototypeKey(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasPrototypeKey);
  if (!isRecord(value)) return false;
  return Object.keys(value).some((key) => key === "__proto__" || hasPrototypeKey(value[key]));
}

export function decodeObject(
  body: Buffer,
  contentType: string,
  accepted: readonly string[],
): Record<string, unknown> {
  const value = decode(body, contentType, accepted);
  if (!isRecord(value)) throw badRequest("the body of the request must be an object");
  return value;
}
