// Fills in a schema's defaults. Like Kubernetes it first drops a null where none is allowed, so that a default can take
// its place.
import { fieldSchema } from "../fields.ts";
import { isObject, type JsonObject } from "../json.ts";
import { resourceSchema } from "../resource-schema.ts";
import type { JsonValue, Schema } from "../schema.ts";

/** Leaves `value` alone and answers with the defaulted object. */
export const applyDefaults = <T extends JsonValue>(schema: Schema, value: T): T =>
  defaulted(resourceSchema(schema), value) as T;

function defaulted(schema: Schema, value: JsonValue): JsonValue {
  if (isObject(value)) return defaultedObject(schema, value);
  const { items } = schema;
  if (Array.isArray(value) && items) return value.map((item) => defaultedField(items, item) ?? null);
  return value;
}

function defaultedObject(schema: Schema, value: JsonObject): JsonObject {
  const present = Object.entries(value).map(([key, field]): [string, JsonValue | undefined] => {
    const own = fieldSchema(schema, key);
    return [key, own ? defaultedField(own, field) : field];
  });
  const missing = Object.entries(schema.properties ?? {})
    .filter(([key]) => !Object.hasOwn(value, key))
    .map(([key, own]): [string, JsonValue | undefined] => [key, defaultOf(own)]);
  // fromEntries, not assignment: a key may be "__proto__".
  return Object.fromEntries([...present, ...missing].filter(isSet));
}

/** Undefined when the field is to be dropped. */
function defaultedField(schema: Schema, value: JsonValue): JsonValue | undefined {
  return value === null && !schema.nullable ? defaultOf(schema) : defaulted(schema, value);
}

const defaultOf = (schema: Schema): JsonValue | undefined =>
  schema.default === undefined ? undefined : defaulted(schema, structuredClone(schema.default));

const isSet = (entry: [string, JsonValue | undefined]): entry is [string, JsonValue] => entry[1] !== undefined;
