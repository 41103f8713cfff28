// CloudEvents over HTTP, as far as an event of the API server source needs: binary and structured mode, JSON. The
// package for it costs a process that starts for each event more time than all it does with the event.
import { FunctionError } from "./errors.ts";

/** Names are in lower case. */
export interface EventHeaders {
  readonly [name: string]: string | string[] | undefined;
  readonly "content-type"?: string | undefined;
}

export interface CloudEvent {
  type: string;
  data: unknown;
}

/** What each event has to have. */
const attributes = ["specversion", "id", "source", "type"] as const;

/** Throws BadEvent for what is no event of version 1.0. */
export function cloudEventOf(headers: EventHeaders, body: string): CloudEvent {
  const contentType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (contentType === "application/cloudevents-batch+json")
    throw new FunctionError("BadEvent", "request is a batch of CloudEvents: send them one by one");
  if (contentType === "application/cloudevents+json") return structured(parsed(body));
  const type = checked((attribute) => headers[`ce-${attribute}`]);
  if (!/[/+]json$/.test(contentType))
    throw new FunctionError("BadEvent", `event data is no JSON: content-type is ${quote(contentType)}`);
  return { type, data: parsed(body) };
}

function structured(event: unknown): CloudEvent {
  if (typeof event !== "object" || event === null)
    throw new FunctionError("BadEvent", "request is no CloudEvent: expected a JSON object");
  const fields = event as Record<string, unknown>;
  return { type: checked((attribute) => fields[attribute]), data: fields.data };
}

/** Answers with the type. */
function checked(attributeOf: (name: string) => unknown): string {
  for (const name of attributes)
    if (typeof attributeOf(name) !== "string" || attributeOf(name) === "")
      throw new FunctionError("BadEvent", `request is no CloudEvent: attribute ${name} is missing`);
  const version = attributeOf("specversion");
  if (version !== "1.0")
    throw new FunctionError("BadEvent", `event has specversion ${quote(version)}: expected "1.0"`);
  return attributeOf("type") as string;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    throw new FunctionError("BadEvent", `request is no CloudEvent: ${(error as Error).message}`, { cause: error });
  }
}

const quote = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? "nothing";
