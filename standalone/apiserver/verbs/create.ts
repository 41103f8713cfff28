// POST of a new object.
import { methodNotAllowed } from "../errors.ts";
import { json, type Reply } from "../http/call.ts";
import { sentObject } from "../http/decode-object.ts";
import { writeOptionsOf } from "../http/request-options.ts";
import { normalized, requireDecodable } from "../lifecycle/admission.ts";
import { createObject } from "../lifecycle/create.ts";
import type { Machinery, ResourceCall } from "../machinery.ts";
import { written } from "./written.ts";

export async function create(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const { resource, namespace = "", user } = call;
  if (resource.definition.namespaced && call.namespace === undefined)
    throw methodNotAllowed("the server does not allow this method on the requested resource");
  const options = writeOptionsOf(call);
  const object = requireDecodable(resource, normalized(resource, await sentObject(call), options));
  if (resource.review) return json(resource.review(object, user), 201);
  const creation = { resource, namespace, object, options };
  return written(call, await createObject(machinery, creation), 201);
}
