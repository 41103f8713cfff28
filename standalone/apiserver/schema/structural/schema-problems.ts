// Whether a CustomResourceDefinition's schema is structural, so that pruning, defaulting and server-side apply know what
// every field is. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
import { type FieldError, forbidden, invalid, required } from "../field-error.ts";
import { depthErrors } from "../json.ts";
import type { JsonValue, Schema } from "../schema.ts";
import { unknownFields } from "../shape/unknown-fields.ts";
import { validate } from "../validation/validate.ts";
import { expectedType, keywordProblems } from "./keywords.ts";
import { listTypeProblems } from "./list-types.ts";
import { nestedProblems } from "./nested.ts";
import { ruleProblems } from "./rule-problems.ts";

/** How a schema hangs in its parent. */
type Level = "root" | "items" | "field";

interface Place {
  path: string;
  level: Level;
  isCorrelatable: boolean;
}

export function schemaProblems(schema: Schema, path = "openAPIV3Schema"): FieldError[] {
  const tooDeep = depthErrors(schema as JsonValue, path);
  if (tooDeep.length > 0) return tooDeep;
  return problems(schema, { path, level: "root", isCorrelatable: true });
}

function problems(schema: Schema, place: Place): FieldError[] {
  const { path } = place;
  return [
    ...levelProblems(schema, place),
    ...keywordProblems(schema, path),
    ...combinationProblems(schema, path),
    ...listTypeProblems(schema, path),
    ...defaultProblems(schema, path),
    ...ruleProblems(schema, path, place.isCorrelatable),
    ...nestedProblems(schema, { schema, path }, path),
    ...metadataProblems(schema, place),
    ...childProblems(schema, place),
  ];
}

const untyped: Record<Level, string> = {
  root: "must not be empty at the root",
  items: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function levelProblems(schema: Schema, { path, level }: Place): FieldError[] {
  const { type, additionalProperties, nullable } = schema;
  const mayBeUntyped = schema["x-kubernetes-int-or-string"] || schema["x-kubernetes-preserve-unknown-fields"];
  const needsType = !type && !mayBeUntyped && !schema["x-kubernetes-embedded-resource"];
  const found = needsType ? [required(`${path}.type`, untyped[level])] : [];
  if (level !== "root") return found;
  const isMap = additionalProperties !== undefined && additionalProperties !== false;
  return [
    ...found,
    ...(type && type !== "object" ? [invalid(`${path}.type`, type, "must be object at the root")] : []),
    ...(isMap ? [forbidden(`${path}.additionalProperties`, "must not be used at the root")] : []),
    ...(nullable ? [forbidden(`${path}.nullable`, "nullable cannot be true at the root")] : []),
  ];
}

function combinationProblems(schema: Schema, path: string): FieldError[] {
  const intOrString = schema["x-kubernetes-int-or-string"];
  const preserve = "x-kubernetes-preserve-unknown-fields";
  const embedded = "x-kubernetes-embedded-resource";
  const detail = "must be false if x-kubernetes-int-or-string is true";
  return [
    ...(schema.type === "array" && !schema.items ? [required(`${path}.items`, "must be specified")] : []),
    ...(intOrString && schema[preserve] ? [invalid(`${path}.${preserve}`, true, detail)] : []),
    ...(intOrString && schema[embedded] ? [invalid(`${path}.${embedded}`, true, detail)] : []),
    ...(schema[embedded] ? embeddedProblems(schema, path) : []),
  ];
}

function embeddedProblems(schema: Schema, path: string): FieldError[] {
  const object = "must be object if x-kubernetes-embedded-resource is true";
  const map = "must not be used if x-kubernetes-embedded-resource is set";
  const empty =
    "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
  const knowsFields =
    schema["x-kubernetes-preserve-unknown-fields"] || Object.keys(schema.properties ?? {}).length > 0;
  return [
    ...(schema.type === "object" ? [] : [expectedType(schema, `${path}.type`, object)]),
    ...(schema.additionalProperties === undefined ? [] : [forbidden(`${path}.additionalProperties`, map)]),
    ...(knowsFields ? [] : [required(`${path}.properties`, empty)]),
  ];
}

function metadataProblems({ properties = {}, ...schema }: Schema, { path, level }: Place): FieldError[] {
  if (level !== "root" && !schema["x-kubernetes-embedded-resource"]) return [];
  const strings = (["apiVersion", "kind"] as const).flatMap((name) => {
    const type = properties[name]?.type ?? "string";
    return type === "string" ? [] : [invalid(`${path}.properties[${name}].type`, type, "must be string")];
  });
  const { metadata } = properties;
  if (!metadata) return strings;
  const field = `${path}.properties[metadata]`;
  const detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
  const isObject = metadata.type === "object";
  return [
    ...strings,
    ...(isObject ? [] : [invalid(`${field}.type`, metadata.type ?? "", "must be object")]),
    ...(level === "root" && specifiesMore(metadata) ? [forbidden(field, detail)] : []),
  ];
}

const specifiesMore = ({ type: _type, properties = {}, ...rest }: Schema): boolean =>
  Object.keys(rest).length > 0 || Object.keys(properties).some((name) => !["name", "generateName"].includes(name));

/** A default is used as it stands, so it must be what the schema asks for. */
function defaultProblems(schema: Schema, path: string): FieldError[] {
  if (schema.default === undefined) return [];
  const field = `${path}.default`;
  return [
    ...validate(schema, schema.default, field),
    ...unknownFields({ type: "object", properties: { default: schema } }, { default: schema.default }).map((name) =>
      invalid(`${path}.${name}`, undefined, "must be a known field"),
    ),
  ];
}

function childProblems(schema: Schema, { path, isCorrelatable, level }: Place): FieldError[] {
  const { properties = {}, additionalProperties, items } = schema;
  const inFields = isCorrelatable && schema["x-kubernetes-map-type"] !== "atomic";
  const inItems = isCorrelatable && schema["x-kubernetes-list-type"] === "map";
  return [
    ...Object.entries(properties)
      .filter(([name]) => level !== "root" || name !== "metadata")
      .flatMap(([name, property]) =>
        problems(property, { path: `${path}.properties[${name}]`, level: "field", isCorrelatable: inFields }),
      ),
    ...(typeof additionalProperties === "object"
      ? problems(additionalProperties, {
          path: `${path}.additionalProperties`,
          level: "field",
          isCorrelatable: inFields,
        })
      : []),
    ...(items ? problems(items, { path: `${path}.items`, level: "items", isCorrelatable: inItems }) : []),
  ];
}
