// What identifies an item of a list of type "map" or "set".
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { isObject, isScalar, type JsonObject, member } from "../json.ts";
import { keyElement, valueElement } from "./path-element.ts";
import { itemSchema } from "./shape.ts";

export const itemElement = (schema: Schema, item: JsonValue): string =>
  schema["x-kubernetes-list-type"] === "set" ? setElement(item) : mapElement(schema, item);

export const itemElements = (schema: Schema, list: JsonValue[]): string[] =>
  list.map((item, index) => {
    try {
      return itemElement(schema, item);
    } catch (cause) {
      if (!(cause instanceof PatchError)) throw cause;
      throw new PatchError(cause.code, `element ${index}: ${cause.message}`, { cause });
    }
  });

function setElement(item: JsonValue): string {
  if (isScalar(item)) return valueElement(item);
  throw new PatchError(400, "associative list without keys has an element that is not a scalar");
}

const defaultOf = (schema: Schema, key: string): JsonValue | undefined =>
  member(itemSchema(schema).properties, key)?.default;

export const keysWithoutDefault = (schema: Schema): string[] =>
  (schema["x-kubernetes-list-map-keys"] ?? []).filter((key) => defaultOf(schema, key) === undefined);

/** A key that the item leaves out counts with its default; without one, its absence tells the item apart. */
function mapElement(schema: Schema, item: JsonValue): string {
  if (!isObject(item)) throw new PatchError(400, "associative list with keys has an element that is not an object");
  const names = schema["x-kubernetes-list-map-keys"] ?? [];
  const keys: JsonObject = {};
  for (const name of names) {
    const value = member(item, name) ?? defaultOf(schema, name);
    if (value !== undefined) keys[name] = value;
  }
  if (Object.keys(keys).length > 0) return keyElement(keys);
  throw new PatchError(
    400,
    `associative list with keys has an element that omits all key fields ${JSON.stringify(names)} ` +
      "(and doesn't have default values for any key fields)",
  );
}
