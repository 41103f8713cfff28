// Which fields a configuration mentions: every leaf, every list item, every key of a map whose keys are free.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { isObject, type JsonObject } from "../json.ts";
import { type FieldSet, type FieldSetBuilder, fieldSetBuilder, isEmpty } from "./field-set.ts";
import { itemElements } from "./list-item.ts";
import { withResourceProperties } from "./object-meta.ts";
import { fieldElement } from "./path-element.ts";
import { fieldSchema, isAtomic, itemSchema, kindOf, namedField } from "./shape.ts";

/** The schema is that of the resource; the types of its metadata are known here. */
export const fieldSetOf = (schema: Schema, object: JsonObject): FieldSet =>
  fieldsOf(withResourceProperties(schema), object);

/** The same below a schema that is already complete. */
export function fieldsOf(schema: Schema, value: JsonValue): FieldSet {
  const root = fieldSetBuilder();
  collect({ parent: root, element: "", schema, value });
  return root.children.get("") ?? fieldSetBuilder();
}

interface Visit {
  parent: FieldSetBuilder;
  element: string;
  schema: Schema;
  value: JsonValue;
}

function collect(visit: Visit): void {
  const { parent, element, schema, value } = visit;
  const kind = kindOf(schema, value);
  if (kind === "scalar" || isAtomic(schema, kind)) {
    parent.members.add(element);
    return;
  }
  const inside = fieldSetBuilder();
  if (kind === "map" && isObject(value)) collectMap(inside, schema, value);
  if (kind === "list" && Array.isArray(value)) collectList(inside, schema, value);
  if (!isEmpty(inside)) parent.children.set(element, inside);
}

function collectMap(inside: FieldSetBuilder, schema: Schema, map: JsonObject): void {
  for (const [name, value] of Object.entries(map)) {
    const element = fieldElement(name);
    collect({ parent: inside, element, schema: fieldSchema(schema, name), value });
    if (isNothing(value) || !namedField(schema, name)) inside.members.add(element);
  }
}

/** Nothing to descend into, so the field itself is what was mentioned. */
const isNothing = (value: JsonValue): boolean =>
  value === null || (isObject(value) && Object.keys(value).length === 0);

function collectList(inside: FieldSetBuilder, schema: Schema, list: JsonValue[]): void {
  const elements = itemElements(schema, list);
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const element of elements) (seen.has(element) ? twice : seen).add(element);
  for (const [index, element] of elements.entries()) {
    const value = list[index];
    // Items that cannot be told apart are owned as one.
    if (value !== undefined && !twice.has(element)) {
      collect({ parent: inside, element, schema: itemSchema(schema), value });
    }
    inside.members.add(element);
  }
}
