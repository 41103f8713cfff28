// The rules for x-kubernetes-list-type: a set needs atomic items, a map needs keys that every item has.
import { type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import type { Schema } from "../schema.ts";
import { expectedType } from "./keywords.ts";

export function listTypeProblems(schema: Schema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === undefined) return strayKeyProblems(schema, path);
  const known = ["atomic", "set", "map"];
  const detail = "must be array if x-kubernetes-list-type is specified";
  return [
    ...(known.includes(listType) ? [] : [notSupported(`${path}.x-kubernetes-list-type`, listType, known)]),
    ...(schema.type === "array" ? [] : [expectedType(schema, `${path}.type`, detail)]),
    ...strayKeyProblems(schema, path),
    ...nullableProblems(schema, path),
    ...(listType === "set" ? setProblems(schema, path) : []),
    ...(listType === "map" ? mapProblems(schema, path) : []),
  ];
}

function strayKeyProblems(schema: Schema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === "map" || (schema["x-kubernetes-list-map-keys"] ?? []).length === 0) return [];
  const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
  const field = `${path}.x-kubernetes-list-type`;
  return [listType === undefined ? required(field, detail) : invalid(field, listType, detail)];
}

function nullableProblems(schema: Schema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === "atomic" || !schema.items?.nullable) return [];
  return [forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`)];
}

function setProblems({ items = {} }: Schema, path: string): FieldError[] {
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const keyword = items.type === "array" ? "x-kubernetes-list-type" : "x-kubernetes-map-type";
  const isContainer = items.type === "array" || items.type === "object";
  if (!isContainer || items[keyword] === "atomic") return [];
  return [invalid(`${path}.items.${keyword}`, items[keyword] ?? null, detail)];
}

function mapProblems(schema: Schema, path: string): FieldError[] {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const { items } = schema;
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) return [required(keysPath, "must not be empty if x-kubernetes-list-type is map")];
  if (!items) return [required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map")];
  if (items.type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    return [invalid(`${path}.items.type`, items.type ?? "", detail)];
  }
  const repeated = new Set(keys).size < keys.length;
  return [
    ...(repeated ? [invalid(keysPath, keys, "must not contain duplicate entries")] : []),
    ...keys.flatMap((key) => keyProblems(items, key, path)),
  ];
}

function keyProblems(items: Schema, key: string, path: string): FieldError[] {
  const property = Object.hasOwn(items.properties ?? {}, key) ? items.properties?.[key] : undefined;
  if (!property)
    return [invalid(`${path}.x-kubernetes-list-map-keys`, key, "entries must all be names of item properties")];
  const field = `${path}.items.properties[${key}]`;
  const isScalar = property.type !== "object" && property.type !== "array";
  const isPresent = items.required?.includes(key) || property.default !== undefined;
  const role = "this property is in x-kubernetes-list-map-keys, so it";
  const scalar = "must be a scalar type if parent array's x-kubernetes-list-type is map";
  return [
    ...(isScalar ? [] : [invalid(`${field}.type`, property.type, scalar)]),
    ...(isPresent ? [] : [required(`${field}.default`, `${role} must have a default or be a required property`)]),
    ...(property.nullable ? [forbidden(`${field}.nullable`, `${role} cannot be nullable`)] : []),
  ];
}
