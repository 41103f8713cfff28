// What a write changed: the fields that it added or modified, and those that it removed. Parts that both have in common
// are not looked into.
import type { FieldSet } from "../../../../standalone/apiserver/patch/apply/field-set.ts";
import { equal, isObject, type JsonObject, member } from "../../../../standalone/apiserver/patch/json.ts";
import type { JsonValue } from "../../../../standalone/apiserver/schema/index.ts";
import { elementsOf } from "./item-elements.ts";
import { isWhole, type Kind, kindIn, type Shape } from "./shape.ts";
import { unusual } from "./unusual.ts";

interface Building {
  members: Set<string>;
  children: Map<string, Building>;
}

interface Found {
  changed: Building;
  removed: Building;
}

export interface Comparison {
  changed: FieldSet;
  removed: FieldSet;
}

interface Pair {
  shape: Shape;
  element: string;
  before: JsonValue | undefined;
  after: JsonValue | undefined;
}

const building = (): Building => ({ members: new Set(), children: new Map() });

/** Of the fields for which `counts` holds. Throws `unusual` where a value has become one of another kind. */
export function compare(
  shape: Shape,
  { before, after }: { before: JsonObject; after: JsonObject },
  counts: (name: string) => boolean,
): Comparison {
  const found: Found = { changed: building(), removed: building() };
  compareFields(found, shape, { before, after, counts });
  return found;
}

const all = (): boolean => true;

interface Maps {
  before: JsonObject;
  after: JsonObject;
  counts?: (name: string) => boolean;
}

function compareFields(found: Found, shape: Shape, { before, after, counts = all }: Maps): void {
  for (const name in after) {
    if (!counts(name)) continue;
    const [old, current] = [member(before, name), after[name]];
    if (old === current) continue;
    const { shape: inside, element } = shape.field(name);
    visit(found, { shape: inside, element, before: old, after: current });
  }
  for (const name in before) {
    if (Object.hasOwn(after, name) || !counts(name)) continue;
    const { shape: inside, element } = shape.field(name);
    visit(found, { shape: inside, element, before: before[name], after: undefined });
  }
}

function visit(found: Found, pair: Pair): void {
  const { shape, before, after } = pair;
  if (before === after) return;
  const kind = kindOfPair(pair);
  if (isWhole(shape, kind) || (isEmpty(before) && isEmpty(after))) visitLeaf(found, pair);
  else visitParts(found, pair, kind);
}

function visitParts(found: Found, { shape, element, before, after }: Pair, kind: Kind): void {
  const inside: Found = { changed: building(), removed: building() };
  if (kind === "map") compareFields(inside, shape, { before: mapIn(before), after: mapIn(after) });
  else compareItems(inside, shape, { before: listIn(before), after: listIn(after) });
  attach(found.changed, element, inside.changed);
  attach(found.removed, element, inside.removed);
  if (before === undefined) found.changed.members.add(element);
  if (after === undefined) found.removed.members.add(element);
}

function visitLeaf(found: Found, { element, before, after }: Pair): void {
  if (after === undefined) found.removed.members.add(element);
  else if (before === undefined || !equal(before, after)) found.changed.members.add(element);
}

function kindOfPair({ shape, before, after }: Pair): Kind {
  if (shape.kind) return shape.kind;
  const kind = kindIn(shape, after === undefined ? before : after);
  if (before !== undefined && kindIn(shape, before) !== kind) throw unusual;
  return kind;
}

/** Of containers: what is none counts as an empty one. */
function isEmpty(value: JsonValue | undefined): boolean {
  if (typeof value !== "object" || value === null) return true;
  for (const _ in value) return false;
  return true;
}

const mapIn = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});
const listIn = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

function compareItems(
  found: Found,
  shape: Shape,
  { before, after }: { before: JsonValue[]; after: JsonValue[] },
): void {
  const [oldElements, elements] = [elementsOf(shape, before), elementsOf(shape, after)];
  for (const [index, element] of elements.entries()) {
    const old = before[oldElements.indexOf(element)];
    visit(found, { shape: shape.item, element, before: old, after: after[index] });
  }
  for (const [index, element] of oldElements.entries())
    if (!elements.includes(element))
      visit(found, { shape: shape.item, element, before: before[index], after: undefined });
}

function attach(parent: Building, element: string, child: Building): void {
  if (child.members.size > 0 || child.children.size > 0) parent.children.set(element, child);
}
