// Lays an applied configuration over an object: leaves are replaced, nothing is removed. What changes nothing leaves the
// very same value.
import { mergedOrder } from "../../../../standalone/apiserver/patch/apply/list-order.ts";
import { equal, isObject, type JsonObject, member, setMember } from "../../../../standalone/apiserver/patch/json.ts";
import type { JsonValue } from "../../../../standalone/apiserver/schema/index.ts";
import { elementsOf } from "./item-elements.ts";
import { isWhole, kindIn, type Shape } from "./shape.ts";

export function mergeFields(shape: Shape, live: JsonObject, applied: JsonObject): JsonObject {
  let merged = live;
  for (const name in applied) {
    const before = member(live, name);
    const after = merge(shape.field(name).shape, before, applied[name] as JsonValue);
    if (after === before) continue;
    if (merged === live) merged = { ...live };
    setMember(merged, name, after);
  }
  return merged;
}

function merge(shape: Shape, live: JsonValue | undefined, applied: JsonValue): JsonValue {
  if (live === undefined || live === applied) return applied;
  const kind = kindIn(shape, applied);
  if (kind === "scalar" || kind !== kindIn(shape, live)) return applied;
  if (isWhole(shape, kind)) return equal(live, applied) ? live : applied;
  return isNothing(live) ? applied : mergeParts(shape, live, applied);
}

function mergeParts(shape: Shape, live: JsonValue, applied: JsonValue): JsonValue {
  if (isNothing(applied)) return live;
  if (isObject(live) && isObject(applied)) return mergeFields(shape, live, applied);
  return Array.isArray(live) && Array.isArray(applied) ? mergeItems(shape, live, applied) : applied;
}

function isNothing(value: JsonValue): boolean {
  if (typeof value !== "object") return false;
  for (const _ in value) return false;
  return true;
}

function mergeItems(shape: Shape, live: JsonValue[], applied: JsonValue[]): JsonValue[] {
  const [liveElements, elements] = [elementsOf(shape, live), elementsOf(shape, applied)];
  const places = placesIn(liveElements, elements);
  if (places) return mergeInPlace(shape, { live, applied, places });
  const merged = mergedOrder(liveElements, elements).map(({ side, index }) => {
    if (side === "live") return live[index] ?? null;
    const at = liveElements.indexOf(elements[index] as string);
    return merge(shape.item, at < 0 ? undefined : live[at], applied[index] ?? null);
  });
  const isSame = merged.length === live.length && merged.every((item, index) => item === live[index]);
  return isSame ? live : merged;
}

/** Where the applied items stand already; undefined when one of them is new or stands elsewhere. */
function placesIn(live: readonly string[], applied: readonly string[]): number[] | undefined {
  const places: number[] = [];
  for (const element of applied) {
    const place = live.indexOf(element, (places.at(-1) ?? -1) + 1);
    if (place < 0) return undefined;
    places.push(place);
  }
  return places;
}

function mergeInPlace(
  shape: Shape,
  { live, applied, places }: { live: JsonValue[]; applied: JsonValue[]; places: number[] },
): JsonValue[] {
  let merged = live;
  for (const [index, place] of places.entries()) {
    const before = live[place] as JsonValue;
    const after = merge(shape.item, before, applied[index] as JsonValue);
    if (after === before) continue;
    if (merged === live) merged = [...live];
    merged[place] = after;
  }
  return merged;
}
