// Length, pattern and format of strings.
import { type FieldError, invalid, tooLong, typeInvalid } from "../field-error.ts";
import type { Schema } from "../schema.ts";
import { isOfFormat } from "./formats.ts";
import { compilePattern } from "./patterns.ts";

export function stringErrors(schema: Schema, value: string, path: string): FieldError[] {
  return [
    ...lengthErrors(schema, value, path),
    ...patternErrors(schema, value, path),
    ...formatErrors(schema, value, path),
  ];
}

function lengthErrors({ minLength, maxLength }: Schema, value: string, path: string): FieldError[] {
  const isTooLong = maxLength !== undefined && value.length > maxLength && characters(value) > maxLength;
  const isTooShort = minLength !== undefined && characters(value) < minLength;
  return [
    ...(isTooLong ? [tooLong(path, maxLength)] : []),
    ...(isTooShort ? [invalid(path, value, `${path} in body should be at least ${minLength} chars long`)] : []),
  ];
}

const characters = (value: string): number => [...value].length;

// Memo of a pure function: a schema's pattern is compiled once.
const compiled = new WeakMap<Schema, RegExp | string>();

function patternErrors(schema: Schema, value: string, path: string): FieldError[] {
  const { pattern } = schema;
  if (pattern === undefined) return [];
  const expression = compiled.get(schema) ?? compilePattern(pattern);
  compiled.set(schema, expression);
  const complaint = `${path} in body should match '${pattern}`;
  if (typeof expression === "string")
    return [invalid(path, value, `${complaint}, but pattern is invalid: ${expression}'`)];
  return expression.test(value) ? [] : [invalid(path, value, `${complaint}'`)];
}

function formatErrors({ type, format, ...schema }: Schema, value: string, path: string): FieldError[] {
  const applies = type === "string" || (type === undefined && !schema["x-kubernetes-int-or-string"]);
  if (!format || !applies || isOfFormat(format, value)) return [];
  return [typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`)];
}
