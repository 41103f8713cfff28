// Number of fields of an object, and the fields it must have.
import { type FieldError, invalid, required, tooMany } from "../field-error.ts";
import { childPath, type JsonObject } from "../json.ts";
import type { Schema } from "../schema.ts";

export function propertyCountErrors(schema: Schema, value: JsonObject, path: string): FieldError[] {
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  const complaint = `${path} in body should have at least ${minProperties} properties`;
  return [
    ...(minProperties !== undefined && count < minProperties ? [invalid(path, count, complaint)] : []),
    ...(maxProperties !== undefined && count > maxProperties ? [tooMany(path, count, maxProperties)] : []),
    ...forbiddenErrors(schema, value, path),
  ];
}

function forbiddenErrors(
  { additionalProperties, properties }: Schema,
  value: JsonObject,
  path: string,
): FieldError[] {
  if (additionalProperties !== false) return [];
  return Object.keys(value)
    .filter((key) => !Object.hasOwn(properties ?? {}, key))
    .map((key) => invalid(path, "", `${childPath(path, key)} in body is a forbidden property`));
}

export const requiredErrors = (schema: Schema, value: JsonObject, path: string): FieldError[] =>
  (schema.required ?? []).filter((key) => !Object.hasOwn(value, key)).map((key) => required(childPath(path, key)));
