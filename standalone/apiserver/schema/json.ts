// JSON values as the schema functions see them: type guards, child paths, and the bound on nesting.
import { type FieldError, invalid } from "./field-error.ts";
import type { JsonValue } from "./schema.ts";

export type JsonObject = { [key: string]: JsonValue };

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const childPath = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** Deeper values are refused before anything recurses into them: a hostile one must not overflow the stack. */
export const maxDepth = 200;

/** Empty, or one error. Walks level by level, so that its own stack stays flat. */
export function depthErrors(value: JsonValue, path = ""): FieldError[] {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return [invalid(path, undefined, `must not be nested deeper than ${maxDepth} levels`)];
    level = level.flatMap(containersIn);
  }
  return [];
}

function containersIn(value: JsonValue): JsonValue[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).filter((child) => typeof child === "object" && child !== null);
}

/** Text that is equal for values that are equal as JSON, whatever the order of their keys. */
export function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_key, part: JsonValue) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(byKey)) : part,
  );
}

const byKey = ([a]: [string, JsonValue], [b]: [string, JsonValue]): number => (a < b ? -1 : 1);
