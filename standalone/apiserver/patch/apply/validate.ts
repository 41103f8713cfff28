// An applied configuration must fit its schema before it can be merged: every problem is told, each with its field.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { isObject, isScalar, type JsonObject } from "../json.ts";
import { itemElement } from "./list-item.ts";
import { fieldElement, showElement } from "./path-element.ts";
import { declaredField, deduced, isAssociative, itemSchema, type Kind, kindOf } from "./shape.ts";

interface Visit {
  path: string;
  schema: Schema;
  value: JsonValue;
  /** Unknown fields are allowed here and below, as some parent preserves them. */
  preserves: boolean;
}

export function validateApplied(schema: Schema, applied: JsonObject): void {
  const problems = problemsOf(schema, applied);
  if (problems.length === 0) return;
  const all =
    problems.length === 1 ? problems[0] : ["errors:", ...problems.map((problem) => `  ${problem}`)].join("\n");
  throw new PatchError(400, `failed to create typed patch object (${nameOf(applied)}): ${all}`);
}

export const problemsOf = (schema: Schema, object: JsonObject): string[] =>
  visit({ path: "", schema, value: object, preserves: false });

function nameOf(object: JsonObject): string {
  const { name = "<unknown>", namespace = "" } = isObject(object.metadata) ? object.metadata : {};
  return `${namespace}/${name}; ${object.apiVersion}, Kind=${object.kind}`;
}

function visit(at: Visit): string[] {
  const preserves = at.preserves || at.schema["x-kubernetes-preserve-unknown-fields"] === true;
  return at.value === null ? [] : visitors[kindOf(at.schema, at.value)]({ ...at, preserves });
}

const visitors: Record<Kind, (at: Visit) => string[]> = {
  scalar: ({ path, schema, value }) => {
    const expected = scalarTypes[schema.type ?? "any"];
    const fits = expected === "any scalar" ? isScalar(value) : typeof value === expected;
    return fits ? [] : [`${path}: expected ${expected}, got ${JSON.stringify(value)}`];
  },
  map: ({ path, schema, value, preserves }) => {
    if (!isObject(value)) return [`${path}: expected map, got ${JSON.stringify(value)}`];
    return Object.entries(value).flatMap(([name, field]) => {
      const inside = `${path}${showElement(fieldElement(name))}`;
      const declared = declaredField(schema, name) ?? (preserves ? deduced : undefined);
      if (!declared) return [`${inside}: field not declared in schema`];
      return visit({ path: inside, schema: declared, value: field, preserves });
    });
  },
  list: (at) => {
    if (!Array.isArray(at.value)) return [`${at.path}: expected list, got ${JSON.stringify(at.value)}`];
    const seen = new Set<string>();
    return at.value.flatMap((item, index) => visitItem(at, { item, index, seen }));
  },
};

const scalarTypes: Record<string, string> = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  any: "any scalar",
};

function visitItem(
  at: Visit,
  { item, index, seen }: { item: JsonValue; index: number; seen: Set<string> },
): string[] {
  const inside = { schema: itemSchema(at.schema), value: item, preserves: at.preserves };
  if (!isAssociative(at.schema)) return visit({ ...inside, path: `${at.path}[${index}]` });
  try {
    const element = itemElement(at.schema, item);
    const twice = seen.has(element) ? [`${at.path}: duplicate entries for key ${showElement(element)}`] : [];
    seen.add(element);
    return [...twice, ...visit({ ...inside, path: `${at.path}${showElement(element)}` })];
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return [`${at.path}: element ${index}: ${error.message}`];
  }
}
