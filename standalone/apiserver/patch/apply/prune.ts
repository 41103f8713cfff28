// Which fields an apply removes: those its manager applied last time, no longer does, and nobody else owns.
import type { Schema } from "../../schema/schema.ts";
import type { JsonObject } from "../json.ts";
import { difference, emptySet, type FieldSet, intersection, isEmpty, union } from "./field-set.ts";
import { fieldsOf } from "./field-set-of.ts";
import type { Managers } from "./managers.ts";
import { withNamedParents, without } from "./without.ts";

export interface Pruning {
  merged: JsonObject;
  /** What the manager applies now. */
  applied: FieldSet;
  /** What the manager applied last time. */
  last: FieldSet;
  /** Everybody, the applying manager already with what it applies now. */
  managers: Managers;
}

/** The fields to take out of the merged object. */
export function prunedFields(schema: Schema, { merged, applied, last, managers }: Pruning): FieldSet {
  if (isEmpty(difference(last, applied))) return emptySet;
  const named = (set: FieldSet): FieldSet => withNamedParents(schema, set);
  const fieldsWithout = (fields: FieldSet): FieldSet =>
    named(fieldsOf(schema, without(schema, merged, { fields, emptied: null, kept: emptySet })));

  const present = named(fieldsOf(schema, merged));
  const owned = [...managers.values()].map(({ fields }) => fields).reduce(union, emptySet);
  const dropped = fieldsWithout(named(last));
  const unowned = difference(present, union(dropped, named(owned)));
  // Nothing goes that the manager did not apply itself: what lies beneath may be a default or somebody's by accident.
  return intersection(difference(present, fieldsWithout(unowned)), named(last));
}
