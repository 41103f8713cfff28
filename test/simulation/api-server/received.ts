// Values on their way into the store: a body as its JSON would arrive, parts shared with what is stored already, and all
// of it frozen.
import { equal, member } from "../../../standalone/apiserver/patch/json.ts";
import type { JsonValue } from "../../../standalone/apiserver/schema/index.ts";

type Parts = Record<string, JsonValue>;

/** As it is after a way through JSON. What is frozen comes from here, or is a constant: it is taken as it is. */
export function received(value: unknown): JsonValue {
  if (typeof value !== "object" || value === null) return scalar(value);
  if (Object.isFrozen(value)) return value as JsonValue;
  if (Array.isArray(value)) return value.map((item) => received(item ?? null));
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return JSON.parse(JSON.stringify(value));
  const copy: Parts = {};
  for (const name in value) {
    const part = (value as Record<string, unknown>)[name];
    if (part !== undefined && typeof part !== "function") copy[name] = received(part);
  }
  return copy;
}

function scalar(value: unknown): JsonValue {
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  return (value ?? null) as JsonValue;
}

/**
 * `value` with every part that says the same as in `before` replaced by that part; `before` itself when all do. What is
 * frozen is shared already, and stays whole.
 */
export function sharing<Value>(before: unknown, value: Value): Value {
  if (before === value || !isContainer(before) || !isContainer(value)) return value;
  return shared(before as JsonValue, value as JsonValue) as Value;
}

const isContainer = (value: unknown): boolean => typeof value === "object" && value !== null;

function shared(before: JsonValue, value: JsonValue): JsonValue {
  if (Object.isFrozen(value)) return equal(before, value) ? before : value;
  if (Array.isArray(value)) return Array.isArray(before) ? sharingItems(before, value) : value;
  return Array.isArray(before) ? value : sharingFields(before as Parts, value as Parts);
}

function sharingItems(before: JsonValue[], value: JsonValue[]): JsonValue[] {
  let target = value;
  let isSame = before.length === value.length;
  for (let index = 0; index < value.length; index += 1) {
    const part = value[index] as JsonValue;
    const after = sharing(before[index], part);
    if (after !== before[index]) isSame = false;
    if (after === part) continue;
    if (target === value) target = [...value];
    target[index] = after;
  }
  return isSame ? before : target;
}

function sharingFields(before: Parts, value: Parts): Parts {
  let target = value;
  let isSame = true;
  let count = 0;
  for (const name in value) {
    count += 1;
    const part = value[name] as JsonValue;
    const old = member(before, name);
    const after = sharing(old, part);
    if (after !== old) isSame = false;
    if (after === part) continue;
    if (target === value) target = { ...value };
    target[name] = after;
  }
  return isSame && count === countOf(before) ? before : target;
}

function countOf(parts: Parts): number {
  let count = 0;
  for (const _ in parts) count += 1;
  return count;
}

export function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) for (const item of value) frozen(item);
  else for (const name in value) frozen(value[name]);
  return Object.freeze(value);
}
