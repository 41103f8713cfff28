// What a schema inside a CustomResourceDefinition may be made of: checked before anybody reads it as a schema.
import { isRecord } from "../object.ts";
import { type FieldError, type JsonValue, type Schema, validate } from "../schema/index.ts";

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const number: Schema = { type: "number" };
const count: Schema = { type: "integer", minimum: 0 };
const anything: Schema = { "x-kubernetes-preserve-unknown-fields": true };
const texts: Schema = { type: "array", items: text };

const rule: Schema = {
  type: "object",
  required: ["rule"],
  properties: {
    ...{ rule: text, message: text, messageExpression: text, reason: text, fieldPath: text },
    optionalOldSelf: flag,
  },
};

const properties: Record<string, Schema> = {
  ...{ type: text, title: text, description: text, format: text, pattern: text, id: text, $schema: text, $ref: text },
  ...{ nullable: flag, uniqueItems: flag, exclusiveMinimum: flag, exclusiveMaximum: flag },
  ...{ minimum: number, maximum: number, multipleOf: number },
  ...{ minProperties: count, maxProperties: count, minItems: count, maxItems: count },
  ...{ minLength: count, maxLength: count },
  ...{ default: anything, example: anything, enum: { type: "array", items: anything }, required: texts },
  externalDocs: { type: "object", properties: { description: text, url: text } },
  "x-kubernetes-preserve-unknown-fields": flag,
  "x-kubernetes-embedded-resource": flag,
  "x-kubernetes-int-or-string": flag,
  "x-kubernetes-list-type": text,
  "x-kubernetes-list-map-keys": texts,
  "x-kubernetes-map-type": text,
  "x-kubernetes-validations": { type: "array", items: rule },
};

/** A schema holds schemas, so this one holds itself. */
const jsonSchemaProps: Schema = { type: "object", properties };

const schemas: Schema = { type: "array", items: jsonSchemaProps };
const schemasByName: Schema = { type: "object", additionalProperties: jsonSchemaProps };

Object.assign(properties, {
  ...{ items: jsonSchemaProps, not: jsonSchemaProps, properties: schemasByName, patternProperties: schemasByName },
  ...{ definitions: schemasByName, allOf: schemas, anyOf: schemas, oneOf: schemas },
  // Either of them may be a flag instead: see below.
  additionalProperties: anything,
  additionalItems: anything,
} satisfies Record<string, Schema>);

/** Errors of type and of missing parts, everywhere in the schema. */
export function shapeErrors(schema: unknown, path: string): FieldError[] {
  const own = validate(jsonSchemaProps, schema as JsonValue, path);
  return own.length > 0 ? own : additionalIn(schema, path).flatMap(([inner, at]) => shapeErrors(inner, at));
}

/** The schemas behind keywords that may be a flag too, with their paths. */
function additionalIn(value: unknown, path: string): [schema: unknown, path: string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => additionalIn(item, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): [unknown, string][] => {
    if (key === "default" || key === "example" || key === "enum") return [];
    const isAdditional = key === "additionalProperties" || key === "additionalItems";
    if (!isAdditional) return additionalIn(inner, `${path}.${key}`);
    return typeof inner === "boolean" ? [] : [[inner, `${path}.${key}`]];
  });
}
