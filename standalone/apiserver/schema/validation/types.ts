// Whether a value has the JSON type its schema asks for.
import { type FieldError, typeInvalid } from "../field-error.ts";
import type { JsonValue, Schema } from "../schema.ts";

export function typeErrors(schema: Schema, value: JsonValue, path: string): FieldError[] {
  const expected = expectedTypes(schema);
  const found = typeName(value);
  if (expected.length === 0 || (found === "null" && schema.nullable) || expected.includes(found)) return [];
  if (found === "integer" && expected.includes("number")) return [];
  return [
    typeInvalid(path, found, `${path} in body must be of type ${expected.join(",")}: ${JSON.stringify(found)}`),
  ];
}

const expectedTypes = (schema: Schema): string[] =>
  schema["x-kubernetes-int-or-string"] ? ["integer", "string"] : schema.type ? [schema.type] : [];

function typeName(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}
