// An object without the fields and list items of a set.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { isObject, type JsonObject, setMember } from "../json.ts";
import { below, type FieldSet, isEmpty, startingWith } from "./field-set.ts";
import { itemElements, keysWithoutDefault } from "./list-item.ts";
import { fieldElement, fieldName, isField } from "./path-element.ts";
import { fieldSchema, isAtomic, itemSchema, kindOf, namedField } from "./shape.ts";

export interface Removal {
  fields: FieldSet;
  /** What becomes of a map or list that loses all it had: null leaves it to its owners, though empty. */
  emptied: null | undefined;
  /** Maps that are there in their own right: these stay, though empty. */
  kept: FieldSet;
}

export const without = (schema: Schema, object: JsonObject, removal: Removal): JsonObject =>
  isEmpty(removal.fields) ? object : removeFromMap(schema, object, removal).rest;

/** What is left; a container counts as empty only when no part of it was spared, not even to be emptied itself. */
interface Left<Rest> {
  rest: Rest;
  spared: number;
}

function remove(schema: Schema, value: JsonValue, removal: Removal): JsonValue | undefined {
  const kind = kindOf(schema, value);
  if (kind === "scalar") return value;
  if (isAtomic(schema, kind)) return removal.emptied;
  const left = removeFrom(schema, value, removal);
  return left && left.spared > 0 ? left.rest : removal.emptied;
}

function removeFrom(schema: Schema, value: JsonValue, removal: Removal): Left<JsonValue> | undefined {
  if (Array.isArray(value)) return removeFromList(schema, value, removal);
  return isObject(value) ? removeFromMap(schema, value, removal) : undefined;
}

function removeFromMap(schema: Schema, map: JsonObject, removal: Removal): Left<JsonObject> {
  const rest: JsonObject = {};
  let spared = 0;
  for (const [name, value] of Object.entries(map)) {
    const element = fieldElement(name);
    if (removal.fields.members.has(element)) continue;
    spared += 1;
    const inside = removalBelow(removal, element);
    const left = isEmpty(inside.fields) ? value : remove(fieldSchema(schema, name), value, inside);
    if (left !== undefined) setMember(rest, name, left);
    else if (removal.kept.members.has(element) && isObject(value)) setMember(rest, name, {});
  }
  return { rest, spared };
}

function removeFromList(schema: Schema, list: JsonValue[], removal: Removal): Left<JsonValue[]> {
  const elements = itemElements(schema, list);
  const spared = list
    .map((item, index) => ({ item, element: elements[index] ?? "" }))
    .filter(({ element }) => !removal.fields.members.has(element));
  const keys = new Set(keysWithoutDefault(schema).map(fieldElement));
  const rest = spared.flatMap(({ item, element }) => {
    const inside = sparingKeys(removalBelow(removal, element), keys);
    const left = isEmpty(inside.fields) ? item : remove(itemSchema(schema), item, inside);
    return left === undefined ? [] : [left];
  });
  return { rest, spared: spared.length };
}

/** An item that stays keeps what tells it apart, whoever owns that; a default goes on telling it apart by itself. */
const sparingKeys = (removal: Removal, keys: ReadonlySet<string>): Removal => ({
  ...removal,
  fields: startingWith(removal.fields, (element) => !keys.has(element)),
});

const removalBelow = ({ fields, emptied, kept }: Removal, element: string): Removal => ({
  fields: below(fields, element),
  emptied,
  kept: below(kept, element),
});

/**
 * The set with the named fields that lead to its members: who stops applying `.spec.template.name` also lets go of a
 * `.spec.template` that would be left empty. Keys of free maps and list items are not added.
 */
export function withNamedParents(schema: Schema, set: FieldSet): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    if (isField(element) && namedField(schema, fieldName(element))) members.add(element);
    const inside = isField(element) ? fieldSchema(schema, fieldName(element)) : itemSchema(schema);
    children.set(element, withNamedParents(inside, child));
  }
  return { members, children };
}
