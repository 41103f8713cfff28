// What may stand inside allOf, anyOf, oneOf and not: restrictions of values, nothing that gives fields their shape.
import { type FieldError, forbidden, required } from "../field-error.ts";
import { canonical } from "../json.ts";
import type { JsonValue, Schema } from "../schema.ts";
import { keywordProblems } from "./keywords.ts";

const forbiddenKeywords: Record<string, string> = {
  type: "must be empty to be structural",
  additionalProperties: "must be undefined to be structural",
  default: "must be undefined to be structural",
  title: "must be empty to be structural",
  description: "must be empty to be structural",
  nullable: "must be false to be structural",
  "x-kubernetes-preserve-unknown-fields": "must be false to be structural",
  "x-kubernetes-embedded-resource": "must be false to be structural",
  "x-kubernetes-int-or-string": "must be false to be structural",
  "x-kubernetes-list-map-keys": "must be empty to be structural",
  "x-kubernetes-list-type": "must be undefined to be structural",
  "x-kubernetes-map-type": "must be undefined to be structural",
  "x-kubernetes-validations": "must be empty to be structural",
};

/** The branches of a schema with their paths. */
function branchesOf(schema: Schema, path: string): [Schema, string][] {
  const lists = (["allOf", "anyOf", "oneOf"] as const).flatMap((keyword) =>
    (schema[keyword] ?? []).map((branch, i): [Schema, string] => [branch, `${path}.${keyword}[${i}]`]),
  );
  return schema.not ? [...lists, [schema.not, `${path}.not`]] : lists;
}

/** `whole` is the schema whose values the branches of `schema` restrict; it must know every field they mention. */
export function nestedProblems(schema: Schema, whole: Place, path: string): FieldError[] {
  const spelled = spelledIntOrString(schema, path);
  return branchesOf(schema, path).flatMap(([branch, branchPath]) =>
    spelled.some((prefix) => branchPath.startsWith(prefix)) ? [] : branchProblems(branch, whole, branchPath),
  );
}

interface Place {
  schema: Schema;
  path: string;
}

function branchProblems(branch: Schema, whole: Place, path: string): FieldError[] {
  const keywords = Object.entries(forbiddenKeywords)
    .filter(([keyword]) => branch[keyword as keyof Schema] !== undefined)
    .map(([keyword, detail]) => forbidden(`${path}.${keyword}`, detail));
  return [
    ...keywords,
    ...keywordProblems(withoutType(branch), path),
    ...nestedProblems(branch, whole, path),
    ...propertyProblems(branch, whole, path),
    ...itemProblems(branch, whole, path),
  ];
}

const withoutType = ({ type: _type, additionalProperties: _additional, ...rest }: Schema): Schema => rest;

function propertyProblems(branch: Schema, whole: Place, path: string): FieldError[] {
  return Object.entries(branch.properties ?? {}).flatMap(([name, property]) => {
    const propertyPath = `${path}.properties[${name}]`;
    if (name === "metadata") return [forbidden(propertyPath, "must not be specified in a nested context")];
    const counterpart = whole.schema.properties?.[name];
    const field = `${whole.path}.properties[${name}]`;
    if (!counterpart) return [required(field, `because it is defined in ${propertyPath}`)];
    return branchProblems(property, { schema: counterpart, path: field }, propertyPath);
  });
}

function itemProblems(branch: Schema, whole: Place, path: string): FieldError[] {
  if (!branch.items) return [];
  const field = `${whole.path}.items`;
  if (!whole.schema.items) return [required(field, `because it is defined in ${path}.items`)];
  return branchProblems(branch.items, { schema: whole.schema.items, path: field }, `${path}.items`);
}

const intOrString = canonical([{ type: "integer" }, { type: "string" }]);

/** An int-or-string may be spelled out, at once or in the first branch of allOf; there the types are allowed. */
function spelledIntOrString(schema: Schema, path: string): string[] {
  const isSpelled = (branches: Schema[] | undefined): boolean =>
    branches !== undefined && canonical(branches as JsonValue) === intOrString;
  return [
    ...(isSpelled(schema.anyOf) ? [`${path}.anyOf[`] : []),
    ...(isSpelled(schema.allOf?.[0]?.anyOf) ? [`${path}.allOf[0]`] : []),
  ];
}
