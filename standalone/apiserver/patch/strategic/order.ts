// In which order a merged list stands: what the patch names in the patch's order, the rest where it stood.
import type { JsonValue } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";

/** Whether an item of the patch means an item of the list. */
type IsSame = (patched: JsonValue, existing: JsonValue) => boolean;

/** A `$setElementOrder` has to name every item of its patch, in the order of the patch. */
export function refuseStrayItems(
  path: string,
  { items, order, isSame }: { items: JsonValue[]; order: JsonValue[] | undefined; isSame: IsSame },
): void {
  if (!order) return;
  let from = 0;
  for (const item of items) {
    const found = order.findIndex((element, index) => index >= from && isSame(element, item));
    if (found < 0) {
      throw new PatchError(400, `The order in patch list doesn't match $setElementOrder list of ${path}`);
    }
    from = found + 1;
  }
}

export interface Ordering {
  merged: JsonValue[];
  original: JsonValue[];
  order: JsonValue[];
  isSame: IsSame;
}

/** An item of the list's own goes before the first patched item that stood behind it. */
export function inPatchOrder({ merged, original, order, isSame }: Ordering): JsonValue[] {
  const rankOf = (item: JsonValue): number => order.findIndex((element) => isSame(element, item));
  const formerIndex = (item: JsonValue): number => original.findIndex((former) => isSame(item, former));
  const ranked = merged.map((item) => ({ item, rank: rankOf(item), former: formerIndex(item) }));
  const patched = ranked.filter(({ rank }) => rank >= 0).sort((left, right) => left.rank - right.rank);
  const own = ranked.filter(({ rank }) => rank < 0);
  const ordered: JsonValue[] = [];
  for (const { item, former } of patched) {
    while (own[0] && own[0].former < former) ordered.push(...own.splice(0, 1).map((next) => next.item));
    ordered.push(item);
  }
  return [...ordered, ...own.map(({ item }) => item)];
}
