// The directives of a strategic merge patch: keys that begin with "$" and say how to merge what lies beside them.
import type { JsonValue } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { type JsonObject, member } from "../json.ts";

const deleteFromPrimitiveList = "$deleteFromPrimitiveList/";
const setElementOrder = "$setElementOrder/";

const known = /^\$(patch$|retainKeys$|deleteFromPrimitiveList\/.|setElementOrder\/.)/;

export type Directive = "delete" | "replace" | "merge";

/** A directive that cannot be honoured must not end up as a field of the object. */
export function refuseUnknownDirectives(path: string, patch: JsonObject): void {
  const unknown = Object.keys(patch).find((key) => /^\$[a-zA-Z]+(\/|$)/.test(key) && !known.test(key));
  if (unknown) throw new PatchError(400, `${path || "."} has an unknown directive: ${unknown}`);
}

export function directiveOf(path: string, patch: JsonObject): Directive {
  const directive = member(patch, "$patch") ?? "merge";
  if (directive === "delete" || directive === "replace" || directive === "merge") return directive;
  throw new PatchError(400, `${path || "."} has an unknown patch type: ${JSON.stringify(directive)}`);
}

/** The only fields that may remain; the patch may not set any other. */
export function retainedKeys(path: string, patch: JsonObject): Set<JsonValue> | undefined {
  const keys = listAt(path, patch, "$retainKeys");
  if (!keys) return undefined;
  const retained = new Set(keys);
  const stray = Object.entries(patch).find(
    ([name, value]) => !name.startsWith("$") && value !== null && !retained.has(name),
  );
  if (stray) {
    throw new PatchError(400, `${path || "."} sets ${stray[0]}, which its $retainKeys list does not contain`);
  }
  return retained;
}

export const deletionsOf = (path: string, patch: JsonObject, name: string): JsonValue[] | undefined =>
  listAt(path, patch, `${deleteFromPrimitiveList}${name}`);

export const orderOf = (path: string, patch: JsonObject, name: string): JsonValue[] | undefined =>
  listAt(path, patch, `${setElementOrder}${name}`);

function listAt(path: string, patch: JsonObject, directive: string): JsonValue[] | undefined {
  const value = member(patch, directive);
  if (value === undefined || Array.isArray(value)) return value;
  throw new PatchError(400, `${path || "."} has a malformed ${directive}: expected a list`);
}
