// Completes a resource's schema with what it leaves to the machinery: apiVersion, kind and the fields of metadata, at
// the root and in embedded resources.
import { apiVersionSchema, kindSchema, objectMetaSchema } from "./object-meta.ts";
import type { Schema } from "./schema.ts";

// Memos of pure functions. They also end the recursion for a schema that contains itself.
const resources = new WeakMap<Schema, Schema>();
const parts = new WeakMap<Schema, Schema>();

/** The schema of a whole object. A schema that is not one of objects is no resource and stays as it is. */
export function resourceSchema(schema: Schema): Schema {
  return schema.type === "object" ? completed(schema, true) : completed(schema, false);
}

/** The schema of a part of an object. */
export const partSchema = (schema: Schema): Schema => completed(schema, false);

function completed(schema: Schema, isResource: boolean): Schema {
  const memo = isResource ? resources : parts;
  const known = memo.get(schema);
  if (known) return known;
  const result: Schema = { ...schema };
  memo.set(schema, result);
  if (schema.items) result.items = completed(schema.items, false);
  if (typeof schema.additionalProperties === "object")
    result.additionalProperties = completed(schema.additionalProperties, false);
  const properties =
    isResource || schema["x-kubernetes-embedded-resource"] ? resourceFields(schema) : schema.properties;
  if (properties) result.properties = eachCompleted(properties);
  return result;
}

const eachCompleted = (properties: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, completed(schema, false)]));

function resourceFields({ properties = {} }: Schema): Record<string, Schema> {
  return {
    ...properties,
    apiVersion: { ...apiVersionSchema, ...properties.apiVersion },
    kind: { ...kindSchema, ...properties.kind },
    metadata: metadataSchema(properties.metadata),
  };
}

/** A CustomResourceDefinition may restrict name and generateName further. */
function metadataSchema(own: Schema | undefined): Schema {
  return { ...objectMetaSchema, ...own, properties: { ...objectMetaSchema.properties, ...own?.properties } };
}
