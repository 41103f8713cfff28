// Which part of an object a request can write at all: a status endpoint nothing but the status, and so on.
import { isObject, type JsonObject, member, setMember } from "../json.ts";
import { fieldElement } from "./path-element.ts";

export interface Endpoint {
  subresource?: "status" | undefined;
  /** Top-level fields the endpoint leaves alone; `["status"]` for a resource that has a status subresource. */
  resetFields?: string[] | undefined;
}

/** Whether ownership of a top-level field can change here. */
export function isWritten({ subresource, resetFields = [] }: Endpoint): (element: string) => boolean {
  if (subresource === "status") return (element) => element === fieldElement("status");
  const reset = new Set(resetFields.map(fieldElement));
  return (element) => !reset.has(element);
}

/** Metadata that the server writes, whatever a client sends; Go clients send `creationTimestamp: null`. */
const serverOwned = ["creationTimestamp", "generation", "selfLink", "managedFields"];

/** On a status endpoint metadata still says which object is meant, and in which version. */
const identifying = ["name", "namespace", "uid", "resourceVersion"];

/** A configuration without the fields that the endpoint would ignore. */
export function writablePart(endpoint: Endpoint, applied: JsonObject): JsonObject {
  const writes = isWritten(endpoint);
  const part: JsonObject = {};
  for (const [name, value] of Object.entries(applied)) {
    if (name === "metadata" && isObject(value)) part[name] = writableMetadata(endpoint, value);
    else if (name === "apiVersion" || name === "kind" || writes(fieldElement(name))) setMember(part, name, value);
  }
  return part;
}

function writableMetadata({ subresource }: Endpoint, metadata: JsonObject): JsonObject {
  const names = subresource === "status" ? identifying : Object.keys(metadata);
  const part: JsonObject = {};
  for (const name of names) {
    const value = member(metadata, name);
    if (value !== undefined && !serverOwned.includes(name)) part[name] = value;
  }
  return part;
}
