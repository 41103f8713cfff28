// How the values of a schema merge, worked out once for each part of a schema.

import { withResourceProperties } from "../../../../standalone/apiserver/patch/apply/object-meta.ts";
import { fieldElement } from "../../../../standalone/apiserver/patch/apply/path-element.ts";
import {
  declaredField,
  deduced,
  isAssociative,
  itemSchema,
  type Kind,
  kindOf,
  namedField,
} from "../../../../standalone/apiserver/patch/apply/shape.ts";
import { member } from "../../../../standalone/apiserver/patch/json.ts";
import type { JsonValue, Schema } from "../../../../standalone/apiserver/schema/index.ts";

export type { Kind };

export interface Shape {
  readonly schema: Schema;
  /** Undefined where the value decides. */
  readonly kind: Kind | undefined;
  readonly isAtomicMap: boolean;
  /** Its items are told apart. */
  readonly isAssociative: boolean;
  /** What `typeof` says of its scalars; undefined for any. */
  readonly scalar: string | undefined;
  /** The only key of its items, where that has no default; undefined when it is not that simple. */
  readonly itemKey: string | undefined;
  readonly item: Shape;
  field(name: string): Field;
}

export interface Field {
  readonly shape: Shape;
  /** As fieldsV1 spells it. */
  readonly element: string;
  /** Not one of the free keys of a map. */
  readonly isNamed: boolean;
  readonly isDeclared: boolean;
}

/** Memo of a pure function. */
const shapes = new WeakMap<Schema, Shape>();

export function shapeOf(schema: Schema): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const named = new Map<string, Field>();
  let item: Shape | undefined;
  const shape: Shape = {
    schema,
    kind: schema.type === undefined ? undefined : kindOf(schema, undefined),
    isAtomicMap: schema["x-kubernetes-map-type"] === "atomic",
    isAssociative: isAssociative(schema),
    scalar: scalars[schema.type ?? ""],
    itemKey: onlyKey(schema),
    get item() {
      item ??= shapeOf(itemSchema(schema));
      return item;
    },
    field: (name) => {
      const found = named.get(name);
      if (found) return found;
      const field = fieldOf(schema, name);
      if (field.isNamed) named.set(name, field);
      return field;
    },
  };
  shapes.set(schema, shape);
  return shape;
}

const scalars: Record<string, string> = { string: "string", integer: "number", number: "number", boolean: "boolean" };

function fieldOf(schema: Schema, name: string): Field {
  const declared = declaredField(schema, name);
  return {
    shape: shapeOf(declared ?? deduced),
    element: fieldElement(name),
    isNamed: namedField(schema, name) !== undefined,
    isDeclared: declared !== undefined,
  };
}

function onlyKey(schema: Schema): string | undefined {
  if (schema["x-kubernetes-list-type"] !== "map") return undefined;
  const [key, ...others] = schema["x-kubernetes-list-map-keys"] ?? [];
  if (key === undefined || others.length > 0) return undefined;
  return member(itemSchema(schema).properties, key)?.default === undefined ? key : undefined;
}

const complete = new WeakMap<Schema, Shape>();

/** Of a resource's schema, with what every object carries. */
export function completeShape(schema: Schema): Shape {
  const known = complete.get(schema);
  if (known) return known;
  const shape = shapeOf(withResourceProperties(schema));
  complete.set(schema, shape);
  return shape;
}

export const kindIn = (shape: Shape, value: JsonValue | undefined): Kind => shape.kind ?? kindOf(shape.schema, value);

/** Whether it is owned as a whole. */
export const isWhole = (shape: Shape, kind: Kind): boolean =>
  kind === "scalar" || (kind === "map" ? shape.isAtomicMap : !shape.isAssociative);
