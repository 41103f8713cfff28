// Order and equality of CEL values, for the functions that compare the items of lists.

export function isLess(a: unknown, b: unknown): boolean {
  if (!isOrdered(a) || !isOrdered(b) || kindOf(a) !== kindOf(b)) throw new Error("values cannot be compared");
  return a < b;
}

type Ordered = bigint | number | string | boolean | object;

/** Timestamps and durations are objects that JavaScript compares by valueOf. */
const isOrdered = (value: unknown): value is Ordered =>
  ["bigint", "number", "string", "boolean"].includes(typeof value) ||
  (typeof value === "object" && value !== null && typeof value.valueOf() === "number");

const kindOf = (value: unknown): string =>
  typeof value === "bigint" || typeof value === "number" ? "number" : typeof value;

export function equals(a: unknown, b: unknown): boolean {
  if (kindOf(a) === "number" && kindOf(b) === "number") return Number(a) === Number(b) && exactlyEqual(a, b);
  if (a instanceof Map && b instanceof Map) return areEqualMaps(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equals(item, b[i]));
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return a === b;
}

/** Large integers that differ can be equal as floating point numbers. */
const exactlyEqual = (a: unknown, b: unknown): boolean => typeof a !== typeof b || a === b;

const areEqualMaps = (a: Map<unknown, unknown>, b: Map<unknown, unknown>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.has(key) && equals(value, b.get(key)));
