// The object in a request body, checked against the path it was sent to.

import { badRequest } from "../errors.ts";
import type { ResourceCall, ServedResource } from "../machinery.ts";
import { asText, isRecord, type KubernetesObject } from "../object.ts";
import { decodeObject, mediaType, objectTypes } from "./body.ts";

export async function sentObject(call: ResourceCall): Promise<KubernetesObject> {
  const sent = decodeObject(await call.body(), mediaType(call.headers["content-type"]), objectTypes);
  return addressed(call, withKind(call.resource, sent));
}

/** Some typed clients leave out what the path already says; with kinds of others nobody may. */
function withKind(resource: ServedResource, sent: Record<string, unknown>): Record<string, unknown> {
  const { kind, version } = resource.definition;
  for (const field of ["kind", "apiVersion"])
    if (!sent[field] && !resource.builtIn)
      throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: it has no ${field}`);
  const found = { apiVersion: sent.apiVersion || resource.apiVersion, kind: sent.kind || kind };
  if (found.apiVersion !== resource.apiVersion)
    throw badRequest(
      `the API version in the data (${asText(found.apiVersion)}) does not match the expected API version ` +
        `(${resource.apiVersion})`,
    );
  if (found.kind !== kind)
    throw badRequest(`the kind in the data (${asText(found.kind)}) does not match the expected kind (${kind})`);
  return { ...sent, ...found };
}

/** With the name and namespace of the path, which those in the object may only repeat. */
export function addressed(call: ResourceCall, sent: Record<string, unknown>): KubernetesObject {
  const metadata = sent.metadata ?? {};
  if (!isRecord(metadata)) throw badRequest("metadata must be an object");
  requireTexts(metadata);
  const namespace = call.resource.definition.namespaced ? (call.namespace ?? "") : "";
  requireSamePlace(call, metadata, namespace);
  const { namespace: _, ...rest } = metadata;
  const named = { ...rest, ...(call.name !== undefined && { name: call.name }), ...(namespace && { namespace }) };
  return { ...sent, metadata: named } as unknown as KubernetesObject;
}

/** These are read before the schema is looked at. */
const textFields = ["name", "generateName", "namespace", "uid", "resourceVersion"];

function requireTexts(metadata: Record<string, unknown>): void {
  for (const field of textFields) {
    const value = metadata[field] ?? "";
    if (typeof value !== "string")
      throw badRequest(`metadata.${field} must be a string, found ${JSON.stringify(value).slice(0, 100)}`);
  }
}

function requireSamePlace(call: ResourceCall, metadata: Record<string, unknown>, namespace: string): void {
  const { name } = metadata;
  if (call.name !== undefined && name && name !== call.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.name})`);
  // What lives in no namespace is not found in a wrong one.
  if (namespace && metadata.namespace && metadata.namespace !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
}
