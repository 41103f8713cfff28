// Lists in a strategic merge patch: sets unite, lists of type "map" merge by their keys, all others are replaced.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { equal, isObject, isScalar, type JsonObject, member } from "../json.ts";
import { type Directive, directiveOf } from "./directives.ts";
import { inPatchOrder, refuseStrayItems } from "./order.ts";

/** Where in the document a patch applies. */
export interface Place {
  path: string;
  schema: Schema;
}

export type PatchItem = (existing: JsonObject, patched: JsonObject) => JsonObject;

export interface ListPatch {
  items: JsonValue[];
  deletions: JsonValue[] | undefined;
  order: JsonValue[] | undefined;
  patchItem: PatchItem;
}

export function patchList(place: Place, original: JsonValue[], patch: ListPatch): JsonValue[] {
  const type = place.schema["x-kubernetes-list-type"];
  if (type === "set") return patchSet(place, original, patch);
  if (patch.deletions) {
    throw new PatchError(
      400,
      `${place.path} is not a list of type "set": $deleteFromPrimitiveList cannot be honoured`,
    );
  }
  if (type === "map") return patchListMap(place, original, patch);
  if (patch.order) {
    throw new PatchError(400, `${place.path} is an atomic list: $setElementOrder cannot be honoured`);
  }
  return patch.items.map((item) => atomicItem(place, item, patch));
}

/** An atomic list is taken as it is, so its items cannot say how to merge. */
function atomicItem(place: Place, item: JsonValue, { patchItem }: ListPatch): JsonValue {
  if (!isObject(item)) return item;
  if (Object.hasOwn(item, "$patch")) {
    throw new PatchError(400, `${place.path} is an atomic list: $patch in an item cannot be honoured`);
  }
  return patchItem({}, item);
}

function patchSet(place: Place, original: JsonValue[], { items, deletions = [], order }: ListPatch): JsonValue[] {
  for (const item of [...items, ...deletions]) {
    if (!isScalar(item)) {
      throw new PatchError(400, `${place.path} is a list of type "set" and cannot merge ${JSON.stringify(item)}`);
    }
  }
  refuseStrayItems(place.path, { items, order, isSame: equal });
  const deleted = new Set(deletions);
  const kept = original.filter((item) => !deleted.has(item));
  const merged = [...new Set([...kept, ...items])];
  return inPatchOrder({ merged, original, order: order ?? items, isSame: equal });
}

function patchListMap(place: Place, original: JsonValue[], { items, order, patchItem }: ListPatch): JsonValue[] {
  const keys = place.schema["x-kubernetes-list-map-keys"] ?? [];
  const isSame = (left: JsonValue, right: JsonValue): boolean => isSameItem(keys, left, right);
  const entries = items.map((item) => entryOf(place, item));
  const itemsWith = (directive: Directive): JsonObject[] =>
    entries.filter((entry) => entry.directive === directive).map(({ item }) => item);
  const [patched, deleted] = [itemsWith("merge"), itemsWith("delete")];
  refuseStrayItems(place.path, { items: patched, order, isSame });

  const base = itemsWith("replace").length > 0 ? [] : original;
  let merged = base.filter((existing) => !deleted.some((item) => isSame(item, existing)));
  for (const item of patched) {
    const index = merged.findIndex((existing) => isSame(item, existing));
    const existing = merged[index];
    merged = isObject(existing) ? merged.with(index, patchItem(existing, item)) : [...merged, patchItem({}, item)];
  }
  return inPatchOrder({ merged, original: base, order: order ?? patched, isSame });
}

/** An item whose directive is "replace" speaks of the whole list, so it needs no key. */
function entryOf(place: Place, item: JsonValue): { item: JsonObject; directive: Directive } {
  if (!isObject(item)) {
    throw new PatchError(400, `${place.path} merges by key and cannot take ${JSON.stringify(item)}`);
  }
  const directive = directiveOf(place.path, item);
  const [key = ""] = place.schema["x-kubernetes-list-map-keys"] ?? [];
  if (directive !== "replace" && member(item, key) === undefined) {
    throw new PatchError(400, `${place.path} has an item that does not contain declared merge key: ${key}`);
  }
  return { item, directive };
}

/** Keys that the patch's item leaves out match anything: clients name a port by its number alone. */
const isSameItem = (keys: string[], patched: JsonValue, existing: JsonValue): boolean =>
  isObject(patched) &&
  isObject(existing) &&
  keys.every((key) => member(patched, key) === undefined || equal(member(patched, key), member(existing, key)));
