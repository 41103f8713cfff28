// The object in a body, checked against the path it was sent to.
import { badRequest } from "../../../standalone/apiserver/errors.ts";
import { asText, isRecord, type KubernetesObject } from "../../../standalone/apiserver/object.ts";
import type { Request } from "./request.ts";

/** Some clients leave out what the path already says; with kinds of others nobody may. */
export function requireKind({ resource }: Request, sent: unknown): Record<string, unknown> {
  if (!isRecord(sent)) throw badRequest("the body of the request must be an object");
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
  return { ...found, ...sent };
}

const textFields = ["name", "generateName", "namespace", "uid", "resourceVersion"];

/** With the name and namespace of the path, which those in the object may only repeat. */
export function addressed(request: Request, sent: Record<string, unknown>): KubernetesObject {
  const metadata = sent.metadata ?? {};
  if (!isRecord(metadata)) throw badRequest("metadata must be an object");
  requireTexts(metadata);
  requireSamePlace(request, metadata);
  const { name, namespace } = request;
  const named = { ...metadata, ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }) };
  if (namespace === undefined && "namespace" in named) delete named.namespace;
  return { ...sent, metadata: named } as unknown as KubernetesObject;
}

function requireTexts(metadata: Record<string, unknown>): void {
  for (const field of textFields)
    if (typeof (metadata[field] ?? "") !== "string")
      throw badRequest(`metadata.${field} must be a string, found ${JSON.stringify(metadata[field]).slice(0, 100)}`);
}

function requireSamePlace({ name, namespace = "" }: Request, metadata: Record<string, unknown>): void {
  if (name !== undefined && metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  // What lives in no namespace is not found in a wrong one.
  if (namespace && metadata.namespace && metadata.namespace !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
}
