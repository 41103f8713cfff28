// An event of the API server source, read as what it is to us: a hint that one object changed.
import type { ObjectReference } from "@knvirt/kubernetes";
import { cloudEventOf, type EventHeaders } from "./cloud-event.ts";
import { FunctionError } from "./errors.ts";

const types = /^dev\.knative\.apiserver\.ref\.(add|update|delete)$/;

/** What the API server allows in each field of a reference, roughly: the value becomes part of a path. */
const shapes: Record<"apiVersion" | "kind" | "name" | "namespace", RegExp> = {
  apiVersion: /^([a-z0-9.-]{1,253}\/)?v[a-z0-9]{1,62}$/,
  kind: /^[A-Za-z][A-Za-z0-9]{0,62}$/,
  name: /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,252}$/,
  namespace: /^[a-z0-9][a-z0-9-]{0,62}$/,
};

/** Throws BadEvent for everything that is no such reference. */
export function referenceOf(
  headers: EventHeaders,
  body: string,
): Required<Pick<ObjectReference, "name">> & ObjectReference {
  const { type, data } = cloudEventOf(headers, body);
  if (!types.test(type))
    throw new FunctionError("BadEvent", `event type ${quote(type)} is not a change of an object`);
  const { apiVersion, kind, name, namespace } = fields(data);
  return {
    apiVersion: text("apiVersion", apiVersion),
    kind: text("kind", kind),
    name: text("name", name),
    ...(namespace !== undefined && namespace !== "" && { namespace: text("namespace", namespace) }),
  };
}

function fields(data: unknown): Record<string, unknown> {
  if (typeof data === "object" && data !== null) return data as Record<string, unknown>;
  throw new FunctionError("BadEvent", "event data is no object reference: expected a JSON object");
}

function text(field: keyof typeof shapes, value: unknown): string {
  if (typeof value === "string" && shapes[field].test(value)) return value;
  throw new FunctionError("BadEvent", `event data.${field} is malformed: found ${quote(value)}`);
}

const quote = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? "nothing";
