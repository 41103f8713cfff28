// JSON values as the patches see them: looked up by own keys only, because labels may be called "constructor".
import type { JsonValue } from "../schema/schema.ts";

export type JsonObject = { [key: string]: JsonValue };

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isScalar = (value: JsonValue): value is boolean | number | string =>
  value !== null && typeof value !== "object";

/** The member of an object; never one that its prototype has. */
export const member = <T>(object: Record<string, T> | undefined, key: string): T | undefined =>
  object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;

/** Sets an own member whatever its name: plain assignment would lose `__proto__`. */
export function setMember(object: JsonObject, key: string, value: JsonValue): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

export const withoutMember = ({ ...object }: JsonObject, key: string): JsonObject => {
  delete object[key];
  return object;
};

export function equal(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) return Array.isArray(right) && equalArrays(left, right);
  return isObject(left) && isObject(right) && equalObjects(left, right);
}

const equalArrays = (left: JsonValue[], right: JsonValue[]): boolean =>
  left.length === right.length && left.every((item, index) => equal(item, right[index]));

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  );
}

/** JSON with sorted keys and with `<`, `>` and `&` escaped: the same text that Go's encoding/json writes. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return escaped(JSON.stringify(value));
  const members = Object.keys(value)
    .sort()
    .map((key) => `${escaped(JSON.stringify(key))}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

const special = /[<>&\u2028\u2029]/;

const escaped = (text: string): string =>
  special.test(text)
    ? text.replace(new RegExp(special, "g"), (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`)
    : text;
