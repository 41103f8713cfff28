// How a value of a schema merges: whether it is a map, a list or a scalar, whether it is atomic, what its parts are.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { isObject, member } from "../json.ts";
import { withResourceProperties } from "./object-meta.ts";

export type Kind = "map" | "list" | "scalar";

/** Where no schema says more, maps are granular and lists atomic, and so on downwards. */
export const deduced: Schema = { "x-kubernetes-preserve-unknown-fields": true };

/** A schema without a type accepts any value, so the value decides. */
export function kindOf(schema: Schema, value: JsonValue | undefined): Kind {
  if (schema.type === "object") return "map";
  if (schema.type === "array") return "list";
  if (schema.type !== undefined) return "scalar";
  if (Array.isArray(value)) return "list";
  return value === null || value === undefined || isObject(value) ? "map" : "scalar";
}

/** The kinds to treat a pair of values as: both of theirs when they differ. */
export function kindsOf(schema: Schema, left: JsonValue | undefined, right: JsonValue | undefined): Kind[] {
  if (right === undefined) return [kindOf(schema, left)];
  if (left === undefined) return [kindOf(schema, right)];
  return [...new Set([kindOf(schema, left), kindOf(schema, right)])];
}

export const isAtomic = (schema: Schema, kind: Kind): boolean =>
  kind === "map" ? schema["x-kubernetes-map-type"] === "atomic" : !isAssociative(schema);

export const isAssociative = (schema: Schema): boolean =>
  schema["x-kubernetes-list-type"] === "map" || schema["x-kubernetes-list-type"] === "set";

/** The schema of a field that the schema names; undefined for the free keys of a map. */
export const namedField = (schema: Schema, name: string): Schema | undefined => {
  const field = member(schema.properties, name);
  return field?.["x-kubernetes-embedded-resource"] ? withResourceProperties(field) : field;
};

/** The schema of any field that may stand in a map; undefined if the schema has no place for it. */
export function declaredField(schema: Schema, name: string): Schema | undefined {
  const named = namedField(schema, name);
  if (named) return named;
  const { additionalProperties: free, properties = {} } = schema;
  if (typeof free === "object") return free;
  const isFree = free ?? (schema["x-kubernetes-preserve-unknown-fields"] || Object.keys(properties).length === 0);
  return isFree ? deduced : undefined;
}

/** For stored objects: what a schema once allowed is still merged. */
export const fieldSchema = (schema: Schema, name: string): Schema => declaredField(schema, name) ?? deduced;

export const itemSchema = (schema: Schema): Schema =>
  schema.items?.["x-kubernetes-embedded-resource"] ? withResourceProperties(schema.items) : (schema.items ?? deduced);
