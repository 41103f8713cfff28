// Lays an applied configuration over an object: leaves are replaced, nothing is removed.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { equal, isObject, type JsonObject, member, setMember } from "../json.ts";
import { itemElements } from "./list-item.ts";
import { mergedOrder } from "./list-order.ts";
import { fieldSchema, isAtomic, itemSchema, kindOf } from "./shape.ts";

export const mergeObjects = (schema: Schema, live: JsonObject, applied: JsonObject): JsonObject =>
  isNothing(applied) ? live : mergeMaps(schema, live, applied);

/** What nothing changes is answered as the very same value: whoever compares it need not look inside. */
function merge(schema: Schema, live: JsonValue | undefined, applied: JsonValue): JsonValue {
  const kind = kindOf(schema, applied);
  if (live === undefined || kind === "scalar" || kind !== kindOf(schema, live)) return applied;
  if (isAtomic(schema, kind)) return equal(live, applied) ? live : applied;
  return isNothing(live) ? applied : mergeParts(schema, live, applied);
}

function mergeParts(schema: Schema, live: JsonValue, applied: JsonValue): JsonValue {
  if (isNothing(applied)) return live;
  if (isObject(live) && isObject(applied)) return mergeMaps(schema, live, applied);
  return Array.isArray(live) && Array.isArray(applied) ? mergeLists(schema, live, applied) : applied;
}

const isNothing = (value: JsonValue): boolean =>
  value === null || (typeof value === "object" && Object.keys(value).length === 0);

function mergeMaps(schema: Schema, live: JsonObject, applied: JsonObject): JsonObject {
  const merged = { ...live };
  let isChanged = false;
  for (const [name, value] of Object.entries(applied)) {
    const before = member(live, name);
    const after = merge(fieldSchema(schema, name), before, value);
    if (after === before) continue;
    isChanged = true;
    setMember(merged, name, after);
  }
  return isChanged ? merged : live;
}

function mergeLists(schema: Schema, live: JsonValue[], applied: JsonValue[]): JsonValue[] {
  const [liveElements, appliedElements] = [itemElements(schema, live), itemElements(schema, applied)];
  const liveItems = new Map<string, JsonValue | undefined>();
  for (const [index, element] of liveElements.entries()) {
    // Of items that share an element none is the one to merge into.
    liveItems.set(element, liveItems.has(element) ? undefined : live[index]);
  }
  const merged = mergedOrder(liveElements, appliedElements).map(({ side, index }) => {
    if (side === "live") return live[index] ?? null;
    return merge(itemSchema(schema), liveItems.get(appliedElements[index] ?? ""), applied[index] ?? null);
  });
  const isChanged = merged.length !== live.length || merged.some((item, index) => item !== live[index]);
  return isChanged ? merged : live;
}
