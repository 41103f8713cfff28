// Whether a configuration fits its schema as far as applying depends on it.
import { PatchError } from "../../../../standalone/apiserver/patch/errors.ts";
import { isObject, isScalar, type JsonObject } from "../../../../standalone/apiserver/patch/json.ts";
import type { JsonValue } from "../../../../standalone/apiserver/schema/index.ts";
import { elementsOf } from "./item-elements.ts";
import { kindIn, type Shape } from "./shape.ts";

export function isSound(shape: Shape, value: JsonValue, keeps = false): boolean {
  if (value === null) return true;
  const kind = kindIn(shape, value);
  if (kind === "scalar") return shape.scalar === undefined ? isScalar(value) : typeof value === shape.scalar;
  const keepsUnknown = keeps || shape.schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (kind === "map") return isObject(value) && areFieldsSound(shape, value, keepsUnknown);
  return Array.isArray(value) && areItemsSound(shape, value, keepsUnknown);
}

function areFieldsSound(shape: Shape, map: JsonObject, keeps: boolean): boolean {
  for (const name in map) {
    const field = shape.field(name);
    if (!field.isDeclared && !keeps) return false;
    if (!isSound(field.shape, map[name] as JsonValue, keeps)) return false;
  }
  return true;
}

function areItemsSound(shape: Shape, list: JsonValue[], keeps: boolean): boolean {
  if (shape.isAssociative) {
    try {
      elementsOf(shape, list);
    } catch (error) {
      if (error instanceof PatchError) return false;
      throw error;
    }
  }
  return list.every((item) => isSound(shape.item, item, keeps));
}
