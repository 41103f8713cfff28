// The codec of `fieldsV1`: a field set written as nested objects, "." standing for the field itself.

import type { JsonValue } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import { emptySet, type FieldSet } from "./field-set.ts";
import { parseElement, sortElements } from "./path-element.ts";

export type FieldsV1 = { [element: string]: FieldsV1 };

export function encodeFields(set: FieldSet): FieldsV1 {
  const fields: FieldsV1 = {};
  for (const element of sortElements(new Set([...set.members, ...set.children.keys()]))) {
    const child = set.children.get(element);
    fields[element] = child ? encodeChild(child, set.members.has(element)) : {};
  }
  return fields;
}

const encodeChild = (child: FieldSet, isMember: boolean): FieldsV1 =>
  isMember ? { ".": {}, ...encodeFields(child) } : encodeFields(child);

export const decodeFields = (fields: JsonValue): FieldSet => decode(fields).set;

/** An object without children is itself a field, and so is one that says "."; others only lead to their children. */
function decode(fields: JsonValue): { set: FieldSet; isMember: boolean } {
  if (!isObject(fields)) throw new PatchError(400, "fieldsV1 is malformed: expected an object");
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [element, child] of elementsOf(fields)) {
    const decoded = decode(child);
    if (decoded.isMember) members.add(element);
    if (decoded.set !== emptySet) children.set(element, decoded.set);
  }
  const hasNone = members.size === 0 && children.size === 0;
  return { set: hasNone ? emptySet : { members, children }, isMember: hasNone || "." in fields };
}

const elementsOf = (fields: JsonObject): [string, JsonValue][] =>
  Object.entries(fields).flatMap(([text, child]) => {
    const element = text === "." ? undefined : parseElement(text);
    return element === undefined ? [] : [[element, child]];
  });
