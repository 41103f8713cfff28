// What is left of an object when its applier does not apply all it did last time.
import { emptySet, type FieldSet, union } from "../../../../standalone/apiserver/patch/apply/field-set.ts";
import { fieldsOf } from "../../../../standalone/apiserver/patch/apply/field-set-of.ts";
import { fieldName } from "../../../../standalone/apiserver/patch/apply/path-element.ts";
import { prunedFields } from "../../../../standalone/apiserver/patch/apply/prune.ts";
import { without } from "../../../../standalone/apiserver/patch/apply/without.ts";
import type { JsonObject } from "../../../../standalone/apiserver/patch/json.ts";
import type { Manager } from "./managers.ts";
import { mergeFields } from "./merge.ts";
import type { Shape } from "./shape.ts";

interface Pruning {
  merged: JsonObject;
  /** What is applied. */
  part: JsonObject;
  /** What was applied last time. */
  last: FieldSet;
  others: readonly Manager[];
}

/** Before the containers vanish that are left empty, as owners are settled by it; and after. */
export function pruned(shape: Shape, { merged, part, last, others }: Pruning) {
  const { schema } = shape;
  const mentioned = fieldsOf(schema, part);
  const owners = [{ operation: "Apply", fields: mentioned }, ...others];
  const managers = new Map(owners.map((owner, index) => [String(index), owner as Manager]));
  const fields = prunedFields(schema, { merged: only(merged, last), applied: mentioned, last, managers });
  const settled = without(schema, merged, { fields, emptied: null, kept: emptySet });
  const kept = owners
    .filter(({ operation }) => operation === "Apply")
    .map((owner) => owner.fields)
    .reduce(union, emptySet);
  const rest = without(schema, merged, { fields, emptied: undefined, kept });
  return { settled, object: mergeFields(shape, rest, part) };
}

/** Nothing is pruned outside the top-level fields that were applied. */
function only(object: JsonObject, { members, children }: FieldSet): JsonObject {
  const part: JsonObject = {};
  for (const element of new Set([...members, ...children.keys()])) {
    const value = object[fieldName(element)];
    if (value !== undefined) part[fieldName(element)] = value;
  }
  return part;
}
