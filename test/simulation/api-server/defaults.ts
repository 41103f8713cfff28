// Fills in a schema's defaults as the API server does. What is in the stored object already is left alone without looking
// into it, and what needs none stays the very same value.
import { fieldSchema } from "../../../standalone/apiserver/schema/fields.ts";
import { applyDefaults, type JsonValue, type Schema } from "../../../standalone/apiserver/schema/index.ts";

type Parts = Record<string, JsonValue>;

/** Memo of a pure function. */
const known = new WeakMap<Schema, readonly [string, JsonValue][]>();

/** Of the fields of one object. */
function defaultsOf(schema: Schema): readonly [string, JsonValue][] {
  const memo = known.get(schema);
  if (memo) return memo;
  const found = Object.entries(schema.properties ?? {}).flatMap(([name, own]): [string, JsonValue][] =>
    own.default === undefined ? [] : [[name, withDefaults(own)]],
  );
  known.set(schema, found);
  return found;
}

const withDefaults = (schema: Schema): JsonValue => applyDefaults(schema, schema.default as JsonValue);

/** The schema is a complete one, see resourceSchema. */
export function defaulted(schema: Schema, value: JsonValue, live?: JsonValue): JsonValue {
  if (value === live || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return schema.items ? defaultedItems(schema.items, value, live) : value;
  return defaultedFields(schema, value, isParts(live) ? live : {});
}

const isParts = (value: JsonValue | undefined): value is Parts =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function defaultedItems(schema: Schema, items: JsonValue[], live: JsonValue | undefined): JsonValue[] {
  const before = Array.isArray(live) ? live : [];
  let isSame = true;
  const done = items.map((item, index) => {
    const after = defaultedPart(schema, item, before[index]) ?? null;
    if (after !== item) isSame = false;
    return after;
  });
  return isSame ? items : done;
}

function defaultedFields(schema: Schema, parts: Parts, live: Parts): Parts {
  let done = parts;
  const set = (name: string, value: JsonValue | undefined): void => {
    if (done === parts) done = { ...parts };
    if (value === undefined) delete done[name];
    else done[name] = value;
  };
  for (const name in parts) {
    const own = fieldSchema(schema, name);
    if (!own) continue;
    const part = parts[name] as JsonValue;
    const after = defaultedPart(own, part, live[name]);
    if (after !== part) set(name, after);
  }
  for (const [name, value] of defaultsOf(schema)) if (!Object.hasOwn(parts, name)) set(name, value);
  return done;
}

/** Undefined when the field is to be dropped: a null where none is allowed makes way for the default. */
function defaultedPart(schema: Schema, value: JsonValue, live: JsonValue | undefined): JsonValue | undefined {
  if (value !== null || schema.nullable) return defaulted(schema, value, live);
  return schema.default === undefined ? undefined : withDefaults(schema);
}
