// A field that became atomic since it was written is owned as a whole by all who own a part of it.
import type { Schema } from "../../schema/schema.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldName, isField } from "./path-element.ts";
import { declaredField, isAtomic, itemSchema, kindOf } from "./shape.ts";

export function alignedWith(schema: Schema, set: FieldSet): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const inside = isField(element) ? declaredField(schema, fieldName(element)) : itemSchema(schema);
    if (inside && isWhole(inside)) members.add(element);
    else children.set(element, inside?.type === undefined ? child : alignedWith(inside, child));
  }
  return { members, children };
}

/** A schema without a type leaves the kind to the value, so its sets are left as they are. */
const isWhole = (schema: Schema): boolean => {
  const kind = kindOf(schema, undefined);
  return schema.type !== undefined && kind !== "scalar" && isAtomic(schema, kind);
};
