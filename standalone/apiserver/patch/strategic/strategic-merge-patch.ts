// Kubernetes' strategic merge patch: a merge patch in which the schema says how lists merge.
// https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { withResourceProperties } from "../apply/object-meta.ts";
import { fieldSchema, itemSchema } from "../apply/shape.ts";
import { PatchError } from "../errors.ts";
import { isObject, type JsonObject, member, setMember } from "../json.ts";
import { deletionsOf, directiveOf, orderOf, refuseUnknownDirectives, retainedKeys } from "./directives.ts";
import { type PatchItem, type Place, patchList } from "./lists.ts";

/** A new document; neither argument is changed. */
export function strategicMergePatch(schema: Schema, document: JsonObject, patch: JsonValue): JsonObject {
  if (!isObject(patch)) throw new PatchError(400, "strategic merge patch is malformed: expected an object");
  return patchMap({ path: "", schema: withResourceProperties(schema) }, document, patch);
}

function patchMap(place: Place, original: JsonObject, patch: JsonObject): JsonObject {
  refuseUnknownDirectives(place.path, patch);
  const directive = directiveOf(place.path, patch);
  if (directive === "delete") return {};
  const retained = retainedKeys(place.path, patch);
  const base = directive === "replace" ? {} : original;
  const result = Object.fromEntries(Object.entries(base).filter(([name]) => retained?.has(name) ?? true));
  for (const name of patchedFields(patch)) {
    const field = { path: `${place.path}.${name}`, schema: fieldSchema(place.schema, name) };
    const value = patchField(field, member(result, name), fieldPatch(field, patch, name));
    if (value === undefined) delete result[name];
    else setMember(result, name, value);
  }
  return result;
}

/** Fields that the patch names itself or in a directive that lies beside its list. */
const patchedFields = (patch: JsonObject): Set<string> =>
  new Set(
    Object.keys(patch)
      .filter((key) => key !== "$patch" && key !== "$retainKeys")
      .map((key) => (key.startsWith("$") ? key.slice(key.indexOf("/") + 1) : key)),
  );

interface FieldPatch {
  value: JsonValue | undefined;
  deletions: JsonValue[] | undefined;
  order: JsonValue[] | undefined;
}

const fieldPatch = (place: Place, patch: JsonObject, name: string): FieldPatch => ({
  value: member(patch, name),
  deletions: deletionsOf(place.path, patch, name),
  order: orderOf(place.path, patch, name),
});

/** Undefined when the field goes, or never comes. */
function patchField(place: Place, original: JsonValue | undefined, patch: FieldPatch): JsonValue | undefined {
  const { value, deletions, order } = patch;
  if (value === null) return undefined;
  if (Array.isArray(value)) return patchListField(place, original, { ...patch, value });
  if (value === undefined) return original && patchListField(place, original, { ...patch, value: [] });
  if (deletions || order) {
    throw new PatchError(400, `${place.path} has directives of a list but is none: ${JSON.stringify(value)}`);
  }
  return isObject(value) ? patchMap(place, isObject(original) ? original : {}, value) : value;
}

const patchListField = (
  place: Place,
  original: JsonValue | undefined,
  { value, ...directives }: FieldPatch & { value: JsonValue[] },
): JsonValue[] =>
  patchList(place, Array.isArray(original) ? original : [], {
    ...directives,
    items: value,
    patchItem: itemsOf(place),
  });

function itemsOf({ path, schema }: Place): PatchItem {
  const item = { path: `${path}[]`, schema: itemSchema(schema) };
  return (existing, patched) => patchMap(item, existing, patched);
}
