// What a schema may say at one place, whatever stands around it.
import { type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import type { Schema } from "../schema.ts";
import { compilePattern } from "../validation/patterns.ts";

const unsupported: Record<string, string> = {
  $ref: "$ref is not supported",
  id: "id is not supported",
  definitions: "definitions is not supported",
  dependencies: "dependencies is not supported",
  patternProperties: "patternProperties is not supported",
  additionalItems: "additionalItems is not supported",
};

const types = ["array", "boolean", "integer", "number", "object", "string"];

export function keywordProblems(schema: Schema, path: string): FieldError[] {
  return [
    ...Object.entries(unsupported)
      .filter(([keyword]) => keyword in schema)
      .map(([keyword, detail]) => forbidden(`${path}.${keyword}`, detail)),
    ...typeProblems(schema, path),
    ...objectProblems(schema, path),
    ...patternProblems(schema, path),
  ];
}

function typeProblems({ type }: Schema, path: string): FieldError[] {
  if (type === undefined || types.includes(type)) return [];
  if ((type as string) === "null")
    return [forbidden(`${path}.type`, "type cannot be set to null, use nullable as an alternative")];
  return [notSupported(`${path}.type`, type, types)];
}

function objectProblems(schema: Schema, path: string): FieldError[] {
  const { properties, additionalProperties, uniqueItems } = schema;
  const both = additionalProperties && properties && Object.keys(properties).length > 0;
  const exclusive = "additionalProperties and properties are mutual exclusive";
  const quadratic = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
  return [
    ...(uniqueItems ? [forbidden(`${path}.uniqueItems`, quadratic)] : []),
    ...(both ? [forbidden(`${path}.additionalProperties`, exclusive)] : []),
    ...(additionalProperties === false
      ? [forbidden(`${path}.additionalProperties`, "additionalProperties cannot be set to false")]
      : []),
    ...preserveProblems(schema, path),
    ...mapTypeProblems(schema, path),
  ];
}

function preserveProblems(schema: Schema, path: string): FieldError[] {
  const keyword = "x-kubernetes-preserve-unknown-fields";
  return schema[keyword] === false ? [invalid(`${path}.${keyword}`, false, "must be true or undefined")] : [];
}

function mapTypeProblems(schema: Schema, path: string): FieldError[] {
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType === undefined) return [];
  const detail = "must be object if x-kubernetes-map-type is specified";
  const known = ["atomic", "granular"];
  return [
    ...(known.includes(mapType) ? [] : [notSupported(`${path}.x-kubernetes-map-type`, mapType, known)]),
    ...(schema.type === "object" ? [] : [expectedType(schema, `${path}.type`, detail)]),
  ];
}

export const expectedType = ({ type }: Schema, path: string, detail: string): FieldError =>
  type === undefined ? required(path, detail) : invalid(path, type, detail);

function patternProblems({ pattern }: Schema, path: string): FieldError[] {
  const compiled = pattern === undefined ? undefined : compilePattern(pattern);
  if (typeof compiled !== "string") return [];
  return [invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${compiled}`)];
}
