// Length of arrays, and the uniqueness that list types promise.
import { duplicate, type FieldError, invalid, tooMany } from "../field-error.ts";
import { canonical, isObject, type JsonObject } from "../json.ts";
import type { JsonValue, Schema } from "../schema.ts";

export function itemCountErrors(
  { minItems, maxItems, uniqueItems }: Schema,
  value: JsonValue[],
  path: string,
): FieldError[] {
  const isTooShort = minItems !== undefined && value.length < minItems;
  const isTooLong = maxItems !== undefined && value.length > maxItems;
  const repeats = uniqueItems === true && repeated(value).length > 0;
  return [
    ...(isTooShort ? [invalid(path, value.length, `${path} in body should have at least ${minItems} items`)] : []),
    ...(isTooLong ? [tooMany(path, value.length, maxItems)] : []),
    ...(repeats ? [invalid(path, "", `${path} in body shouldn't contain duplicates`)] : []),
  ];
}

export function listTypeErrors(schema: Schema, value: JsonValue[], path: string): FieldError[] {
  if (schema["x-kubernetes-list-type"] === "set") return duplicates(value, path);
  if (schema["x-kubernetes-list-type"] !== "map") return [];
  const stray = value.findIndex((item) => item !== null && !isObject(item));
  if (stray >= 0)
    return [invalid(`${path}[${stray}]`, value[stray], "must be an object for an array of list-type map")];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  return duplicates(
    value.map((item) => (isObject(item) ? keyOf(item, keys) : {})),
    path,
  );
}

/** The fields by which a list of type map tells its items apart. */
export const keyOf = (item: JsonObject, keys: string[]): JsonObject =>
  Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key] ?? null]));

const duplicates = (values: JsonValue[], path: string): FieldError[] =>
  repeated(values).map((i) => duplicate(`${path}[${i}]`, values[i]));

/** Index of the first repetition of each value that occurs more than once. */
function repeated(values: JsonValue[]): number[] {
  const times = new Map<string, number>();
  return [...values.keys()].filter((i) => {
    const text = canonical(values[i] ?? null);
    const count = (times.get(text) ?? 0) + 1;
    times.set(text, count);
    return count === 2;
  });
}
