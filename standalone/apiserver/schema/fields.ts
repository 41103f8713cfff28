// Which schema governs a field, and whether fields without one may stay.
import type { Schema } from "./schema.ts";

/** Undefined when the schema does not say what the field holds. */
export function fieldSchema(schema: Schema, key: string): Schema | undefined {
  // Object.hasOwn: a field may be called "constructor".
  if (schema.properties && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

export const keepsUnknownFields = (schema: Schema): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
