// JSON values as CEL sees them: what type a number or a string becomes is for the schema to say.
import { Duration } from "@marcbachmann/cel-js/evaluator";
import { fieldSchema } from "../fields.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { JsonValue, Schema } from "../schema.ts";
import { parseDurationNanoseconds } from "./duration.ts";
import { celIdentifier } from "./identifiers.ts";

export type CelValue = unknown;

export function celValue(schema: Schema | undefined, value: JsonValue): CelValue {
  if (typeof value === "number") return celNumber(schema, value);
  if (typeof value === "string") return celString(schema, value);
  if (Array.isArray(value)) return celList(schema, value);
  return isObject(value) ? celMap(schema, value) : value;
}

const celNumber = (schema: Schema | undefined, value: number): CelValue =>
  schema?.type !== "number" && Number.isInteger(value) ? BigInt(value) : value;

const stringFormats: Record<string, (value: string) => CelValue> = {
  datetime: toDate,
  date: toDate,
  duration: toDuration,
  byte: (value) => Buffer.from(value, "base64"),
};

function celString(schema: Schema | undefined, value: string): CelValue {
  const format = schema?.type === "string" ? schema.format?.replaceAll("-", "") : undefined;
  return (format && stringFormats[format]?.(value)) || value;
}

/** Undefined when malformed; that is reported by the validation of the format. */
function toDate(value: string): Date | undefined {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function toDuration(value: string): Duration | undefined {
  const nanoseconds = parseDurationNanoseconds(value);
  if (nanoseconds === undefined) return undefined;
  return new Duration(nanoseconds / 1_000_000_000n, Number(nanoseconds % 1_000_000_000n));
}

function celList(schema: Schema | undefined, value: JsonValue[]): CelValue {
  const items = value.map((item) => celValue(schema?.items, item));
  // Sets are equal whatever their order. Objects in a JavaScript set would be compared by identity.
  const isSetOfScalars =
    schema?.["x-kubernetes-list-type"] === "set" && !value.some((item) => typeof item === "object");
  return isSetOfScalars ? new Set(items) : items;
}

/** A Map even for objects: a field may be called "constructor". */
function celMap(schema: Schema | undefined, value: JsonObject): CelValue {
  const entries = Object.entries(value).flatMap(([key, field]): [string, CelValue][] => {
    if (!schema?.properties) return [[key, celValue(schema && fieldSchema(schema, key), field)]];
    const name = celIdentifier(key);
    // Kubernetes treats a null field of an object as absent.
    return name === undefined || field === null ? [] : [[name, celValue(fieldSchema(schema, key), field)]];
  });
  return new Map(entries);
}
