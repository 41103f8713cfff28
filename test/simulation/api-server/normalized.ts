// The form in which an object is stored: with its defaults, and without what says nothing.
import type { ServedResource } from "../../../standalone/apiserver/machinery.ts";
import { type KubernetesObject, withMetadata } from "../../../standalone/apiserver/object.ts";
import type { JsonValue } from "../../../standalone/apiserver/schema/index.ts";
import { defaulted } from "./defaults.ts";

/** Parts that are those of the live object are as they should be. */
export function normalized(
  { schema }: ServedResource,
  object: KubernetesObject,
  live?: KubernetesObject,
): KubernetesObject {
  const known = defaulted(schema, object as unknown as JsonValue, live as unknown as JsonValue);
  return withoutEmpty(known as unknown as KubernetesObject);
}

const maybeEmpty = ["labels", "annotations", "finalizers", "ownerReferences"] as const;

/** Metadata has no empty maps and lists: they are not there; nor links, which nobody fills in. */
function withoutEmpty(object: KubernetesObject): KubernetesObject {
  const metadata = object.metadata as KubernetesObject["metadata"] & { selfLink?: unknown };
  const empty = maybeEmpty.filter((field) => isEmpty(metadata[field]));
  if (empty.length === 0 && metadata.selfLink === undefined) return object;
  return withMetadata(object, Object.fromEntries(["selfLink", ...empty].map((field) => [field, undefined])));
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== "object") return false;
  for (const _ in value) return false;
  return true;
}
