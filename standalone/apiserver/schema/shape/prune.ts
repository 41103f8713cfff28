// Drops the fields that a schema does not know.
import { fieldSchema, keepsUnknownFields } from "../fields.ts";
import { isObject } from "../json.ts";
import { resourceSchema } from "../resource-schema.ts";
import type { JsonValue, Schema } from "../schema.ts";

/** Leaves `value` alone and answers with what of it the schema knows. */
export const prune = <T extends JsonValue>(schema: Schema, value: T): T => pruned(resourceSchema(schema), value) as T;

function pruned(schema: Schema, value: JsonValue): JsonValue {
  const { items } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => pruned(items, item)) : value;
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, field]): [string, JsonValue][] => {
    const own = fieldSchema(schema, key);
    if (own) return [[key, pruned(own, field)]];
    return keepsUnknownFields(schema) ? [[key, field]] : [];
  });
  return Object.fromEntries(kept);
}
