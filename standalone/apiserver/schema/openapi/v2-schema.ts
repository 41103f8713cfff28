// Brings a structural schema into what OpenAPI v2 can say and old kubectl can read: where it would misjudge a value, the
// value's type is left open. Kubernetes publishes custom resources in the same way.
import type { DocumentSchema } from "./meta-schemas.ts";

/** Old kubectl refuses a whole document for keywords it does not know. */
const kept = [
  ...(["$ref", "type", "format", "title", "description", "required", "enum", "pattern", "uniqueItems"] as const),
  ...(["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "multipleOf"] as const),
  ...(["maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"] as const),
  ...(["x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type"] as const),
  ...(["x-kubernetes-group-version-kind", "x-kubernetes-preserve-unknown-fields"] as const),
];

export function swaggerSchema(schema: DocumentSchema): DocumentSchema {
  const plain = Object.fromEntries(
    kept.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [keyword, schema[keyword]]),
  ) as DocumentSchema;
  if (schema["x-kubernetes-int-or-string"]) return { ...plain, type: "string", format: "int-or-string" };
  if (isOpen(schema)) return untyped(plain);
  return { ...plain, ...children(schema) };
}

/** Whether unknown fields or items would be taken for mistakes although they are allowed. */
function isOpen({ type, properties, items, ...schema }: DocumentSchema): boolean {
  const keepsUnknown = schema["x-kubernetes-preserve-unknown-fields"] === true && properties !== undefined;
  return keepsUnknown || (type === "array" && items === undefined);
}

const untyped = ({ type: _type, required: _required, ...rest }: DocumentSchema): DocumentSchema => rest;

function children({ properties, items, additionalProperties }: DocumentSchema): DocumentSchema {
  const fields = Object.entries(properties ?? {}).map(([name, schema]) => [name, swaggerSchema(schema)]);
  return {
    ...(fields.length > 0 ? { properties: Object.fromEntries(fields) } : {}),
    ...(items ? { items: swaggerSchema(items) } : {}),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: swaggerSchema(additionalProperties) }
      : {}),
  };
}
