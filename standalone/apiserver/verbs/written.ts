// The answer to a write: the object as it now is, in the form the client asked for.

import type { Reply } from "../http/call.ts";
import { presentationFor } from "../http/presentation.ts";
import type { ResourceCall } from "../machinery.ts";
import type { KubernetesObject } from "../object.ts";
import { Version } from "../storage/version.ts";

export function written(call: ResourceCall, object: KubernetesObject, code = 200): Reply {
  const presentation = presentationFor(call.resource, call.headers.accept, call.query);
  const shown = new Version(Number(object.metadata.resourceVersion ?? 0), JSON.stringify(object), object);
  return { code, text: presentation.one(shown) };
}
