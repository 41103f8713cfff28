// Names the fields that a schema does not know, as strict field validation reports them.
import { fieldSchema, keepsUnknownFields } from "../fields.ts";
import { childPath, isObject } from "../json.ts";
import { resourceSchema } from "../resource-schema.ts";
import type { JsonValue, Schema } from "../schema.ts";

/** Paths such as `spec.volumes[0].bar`. */
export const unknownFields = (schema: Schema, value: JsonValue): string[] =>
  unknown(resourceSchema(schema), value, "");

function unknown(schema: Schema, value: JsonValue, path: string): string[] {
  const { items } = schema;
  if (Array.isArray(value)) return items ? value.flatMap((item, i) => unknown(items, item, `${path}[${i}]`)) : [];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const own = fieldSchema(schema, key);
    const fieldPath = childPath(path, key);
    if (own) return unknown(own, field, fieldPath);
    return keepsUnknownFields(schema) ? [] : [fieldPath];
  });
}
