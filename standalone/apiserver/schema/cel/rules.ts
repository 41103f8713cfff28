// Evaluates the validation rules (x-kubernetes-validations) of a schema on an object, and on its predecessor for the
// rules about transitions.
import type { FieldError } from "../field-error.ts";
import { invalid } from "../field-error.ts";
import { fieldSchema } from "../fields.ts";
import { canonical, childPath, depthErrors, isObject, type JsonObject } from "../json.ts";
import { resourceSchema } from "../resource-schema.ts";
import type { JsonValue, Schema } from "../schema.ts";
import { keyOf } from "../validation/arrays.ts";
import { type Budget, maxSteps } from "./budget.ts";
import { compiledRules } from "./compiled-rules.ts";
import { ruleError } from "./rule-error.ts";

/** One place in the object, with what was there before. */
interface Place {
  schema: Schema;
  value: JsonValue;
  /** Undefined when there was nothing, or nothing that can be told to be the same thing. */
  old: JsonValue | undefined;
  path: string;
  /** Whether this or what contains it is what it was before: then only rules about transitions can refuse it. */
  unchanged: boolean;
}

export function evaluateRules(schema: Schema, value: JsonValue, oldValue?: JsonValue): FieldError[] {
  const tooDeep = depthErrors(value);
  if (tooDeep.length > 0) return tooDeep;
  const budget: Budget = { left: maxSteps };
  const root = placeOf({ schema: resourceSchema(schema), value, old: oldValue, path: "", unchanged: false });
  const errors = errorsAt(root, budget);
  if (budget.left >= 0) return errors;
  const outOfBudget = "validation failed due to running out of cost budget, no further validation rules will be run";
  return [...errors, invalid("", undefined, outOfBudget)];
}

function errorsAt(place: Place, budget: Budget): FieldError[] {
  // A null is for the rules of what contains it.
  if (place.value === null || budget.left < 0) return [];
  const rules = compiledRules(place.schema);
  return [
    ...rules.flatMap((rule) => (budget.left < 0 ? [] : ruleError({ ...place, rule, budget }))),
    ...placesWithin(place).flatMap((inner) => errorsAt(inner, budget)),
  ];
}

const placeOf = (place: Place): Place => ({ ...place, unchanged: place.unchanged || isUnchanged(place) });

const isUnchanged = ({ value, old }: Place): boolean => old !== undefined && canonical(value) === canonical(old);

function placesWithin(place: Place): Place[] {
  const { value } = place;
  if (Array.isArray(value)) return items(place, value);
  return isObject(value) ? fields(place, value) : [];
}

function fields({ schema, old, path, unchanged }: Place, value: JsonObject): Place[] {
  const before = isObject(old) && schema["x-kubernetes-map-type"] !== "atomic" ? old : {};
  return Object.entries(value).flatMap(([key, field]) => {
    const own = fieldSchema(schema, key);
    if (!own || !hasRules(own)) return [];
    const isProperty = Object.hasOwn(schema.properties ?? {}, key);
    const fieldPath = isProperty ? childPath(path, key) : `${path}[${key}]`;
    const oldField = Object.hasOwn(before, key) ? before[key] : undefined;
    return [placeOf({ schema: own, value: field, old: oldField, path: fieldPath, unchanged })];
  });
}

function items({ schema, old, path, unchanged }: Place, value: JsonValue[]): Place[] {
  const own = schema.items;
  if (!own || !hasRules(own)) return [];
  const predecessor = predecessors(schema, old);
  return value.map((item, i) =>
    placeOf({ schema: own, value: item, old: predecessor(item), path: `${path}[${i}]`, unchanged }),
  );
}

/** Only the items of a list of type map have an identity that outlasts a change. */
function predecessors(schema: Schema, old: JsonValue | undefined): (item: JsonValue) => JsonValue | undefined {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return () => undefined;
  const byKey = new Map(old.filter(isObject).map((item) => [canonical(keyOf(item, keys)), item]));
  return (item) => (isObject(item) ? byKey.get(canonical(keyOf(item, keys))) : undefined);
}

// Memo of a pure function, so that what has no rules is not walked. A schema that contains itself counts as having some.
const memo = new WeakMap<Schema, boolean>();

function hasRules(schema: Schema): boolean {
  const known = memo.get(schema);
  if (known !== undefined) return known;
  memo.set(schema, true);
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  const found =
    schema["x-kubernetes-validations"] !== undefined ||
    inner.map((part) => typeof part === "object" && hasRules(part)).includes(true);
  memo.set(schema, found);
  return found;
}
