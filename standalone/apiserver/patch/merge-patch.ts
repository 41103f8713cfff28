// RFC 7386: a JSON merge patch.
import type { JsonValue } from "../schema/schema.ts";
import { isObject, type JsonObject, member, setMember } from "./json.ts";

/** A new document; neither argument is changed. */
export function mergePatch(document: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else setMember(merged, key, mergePatch(member(merged, key), value));
  }
  return merged;
}
