// GET of one object.
import { notFound } from "../errors.ts";
import type { Reply } from "../http/call.ts";
import { presentationFor } from "../http/presentation.ts";
import { targetOf } from "../http/resource-call.ts";
import { keyOf, type Machinery, type ResourceCall, subjectOf } from "../machinery.ts";
import type { Version } from "../storage/version.ts";

export function storedVersion({ store }: Machinery, call: ResourceCall): Version {
  const target = targetOf(call);
  const version = store.read.get(keyOf(target));
  if (!version) throw notFound(subjectOf(target));
  return version;
}

export async function get(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const presentation = presentationFor(call.resource, call.headers.accept, call.query);
  return { code: 200, text: presentation.one(storedVersion(machinery, call)) };
}
