// What a write changed: the fields it added, modified and removed; each field is in at most one of the three.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { equal, isObject, type JsonObject, member } from "../json.ts";
import {
  type FieldSet,
  type FieldSetBuilder,
  fieldSetBuilder,
  insert,
  type Path,
  startingWith,
} from "./field-set.ts";
import { itemElements } from "./list-item.ts";
import { fieldElement } from "./path-element.ts";
import { fieldSchema, isAtomic, itemSchema, type Kind, kindsOf } from "./shape.ts";

export interface Comparison<Set extends FieldSet = FieldSet> {
  added: Set;
  modified: Set;
  removed: Set;
}

type Building = Comparison<FieldSetBuilder>;

interface Pair {
  path: Path;
  schema: Schema;
  before: JsonValue | undefined;
  after: JsonValue | undefined;
}

export function compare(schema: Schema, before: JsonObject, after: JsonObject): Comparison {
  const found: Building = { added: fieldSetBuilder(), modified: fieldSetBuilder(), removed: fieldSetBuilder() };
  visit(found, { path: [], schema, before, after });
  return found;
}

/** The comparison of only some of the top-level fields. */
export const comparisonOf = (comparison: Comparison, wanted: (element: string) => boolean): Comparison => ({
  added: startingWith(comparison.added, wanted),
  modified: startingWith(comparison.modified, wanted),
  removed: startingWith(comparison.removed, wanted),
});

function visit(found: Building, pair: Pair): void {
  if (pair.before === pair.after) return;
  const isLeaf = kindsOf(pair.schema, pair.before, pair.after)
    .map((kind) => visitors[kind](found, pair))
    .at(-1);
  if (isLeaf) return;
  if (pair.before === undefined) insert(found.added, pair.path);
  if (pair.after === undefined) insert(found.removed, pair.path);
}

/** Each answers whether it took the pair for a leaf; what it does not, it has descended into. */
const visitors: Record<Kind, (found: Building, pair: Pair) => boolean> = {
  scalar: leaf,
  map: (found, pair) => {
    const [before, after] = [mapIn(pair.before), mapIn(pair.after)];
    const isEmpty = Object.keys(before).length === 0 && Object.keys(after).length === 0;
    if (isEmpty || isAtomic(pair.schema, "map")) return leaf(found, pair);
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      visit(found, {
        path: [...pair.path, fieldElement(name)],
        schema: fieldSchema(pair.schema, name),
        before: member(before, name),
        after: member(after, name),
      });
    }
    return false;
  },
  list: (found, pair) => {
    const [before, after] = [listIn(pair.before), listIn(pair.after)];
    const isEmpty = before.length === 0 && after.length === 0;
    if (isEmpty || isAtomic(pair.schema, "list")) return leaf(found, pair);
    const [old, current] = [itemsByElement(pair.schema, before), itemsByElement(pair.schema, after)];
    for (const element of new Set([...old.keys(), ...current.keys()])) {
      const path = [...pair.path, element];
      visitItems(found, { ...pair, path }, [old.get(element) ?? [], current.get(element) ?? []]);
    }
    return false;
  },
};

function leaf(found: Building, { path, before, after }: Pair): boolean {
  if (before === undefined) insert(found.added, path);
  else if (after === undefined) insert(found.removed, path);
  else if (!equal(before, after)) insert(found.modified, path);
  return true;
}

/** Items that share an element are compared as one, for nothing tells them apart. */
function visitItems(found: Building, pair: Pair, [before, after]: [JsonValue[], JsonValue[]]): void {
  const schema = itemSchema(pair.schema);
  const [wasTwice, isTwice] = [before.length > 1, after.length > 1];
  if (wasTwice && isTwice) {
    if (!equal(before, after)) insert(found.modified, pair.path);
    return;
  }
  const single = {
    before: wasTwice ? undefined : before[0],
    after: isTwice ? undefined : after[0],
  };
  visit(found, { path: pair.path, schema, ...single });
  if (wasTwice) insert(found.removed, pair.path);
  if (isTwice) insert(found.added, pair.path);
}

function itemsByElement(schema: Schema, list: JsonValue[]): Map<string, JsonValue[]> {
  const items = new Map<string, JsonValue[]>();
  for (const [index, element] of itemElements(schema, list).entries()) {
    const item = list[index] ?? null;
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return items;
}

const mapIn = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});
const listIn = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);
