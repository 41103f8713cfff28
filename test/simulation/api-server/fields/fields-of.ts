// Which fields a configuration mentions: every leaf, every list item, every key of a map whose keys are free. A set that
// was met before is found by its parts, without being built. Throws `unusual` for what does not fit its schema.
import { type FieldSet, isEmpty } from "../../../../standalone/apiserver/patch/apply/field-set.ts";
import { isObject, isScalar, type JsonObject } from "../../../../standalone/apiserver/patch/json.ts";
import type { JsonValue } from "../../../../standalone/apiserver/schema/index.ts";
import { elementsOf } from "./item-elements.ts";
import { type Pool, type Pooled, partOf } from "./pool.ts";
import { type Field, isWhole, kindIn, type Shape } from "./shape.ts";
import { isSound } from "./sound.ts";
import { unusual } from "./unusual.ts";

/** Takes each part of a set: its element, what is below it, and whether it is itself a member. */
type Take = (element: string, inside: Pooled | undefined, isMember: boolean) => void;

interface Container {
  shape: Shape;
  value: JsonObject | JsonValue[];
  /** Unknown fields are allowed in it, as some parent preserves them. */
  keeps: boolean;
  /** Of the fields only those for which it holds. */
  counts?: (name: string) => boolean;
}

export const fieldsOf = (
  pool: Pool,
  shape: Shape,
  { object, counts }: { object: JsonObject; counts(name: string): boolean },
): Pooled => setOf(pool, { shape, value: object, keeps: false, counts });

function setOf(pool: Pool, container: Container): Pooled {
  let text = "";
  visit(pool, container, (element, inside, isMember) => {
    text += partOf(element, inside, isMember);
  });
  const found = pool.byParts(text);
  if (found) return found;
  const set = { members: new Set<string>(), children: new Map<string, FieldSet>() };
  visit(pool, container, (element, inside, isMember) => {
    if (isMember) set.members.add(element);
    if (inside) set.children.set(element, inside);
  });
  const made = pool.pooled(set);
  pool.remember(text, made);
  return made;
}

function visit(pool: Pool, { shape, value, keeps, counts }: Container, take: Take): void {
  if (Array.isArray(value)) visitItems(pool, { shape, value, keeps }, take);
  else visitFields(pool, { shape, value, keeps, ...(counts && { counts }) }, take);
}

const all = (): boolean => true;

function visitFields(
  pool: Pool,
  { shape, value, keeps, counts = all }: Container & { value: JsonObject },
  take: Take,
): void {
  for (const name in value) {
    if (!counts(name)) continue;
    const field = shape.field(name);
    if (!field.isDeclared && !keeps) throw unusual;
    visitField(pool, { field, value: value[name] as JsonValue, keeps }, take);
  }
}

interface Part {
  field: Pick<Field, "shape" | "element" | "isNamed">;
  value: JsonValue;
  keeps: boolean;
}

function visitField(pool: Pool, { field, value, keeps }: Part, take: Take): void {
  const { shape, element, isNamed } = field;
  const inside = below(pool, { shape, value, keeps });
  const isMember = inside === "leaf" || !isNamed || isNothing(value);
  if (isMember || inside) take(element, inside === "leaf" ? undefined : inside, isMember);
}

/** Undefined where nothing is mentioned. */
function below(
  pool: Pool,
  { shape, value, keeps }: Omit<Part, "field"> & { shape: Shape },
): Pooled | "leaf" | undefined {
  const kind = kindIn(shape, value);
  if (kind === "scalar") requireScalar(shape, value);
  if (isWhole(shape, kind)) {
    if (kind !== "scalar" && !isSound(shape, value, keeps)) throw unusual;
    return "leaf";
  }
  if (value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value) !== (kind === "list")) throw unusual;
  const keepsUnknown = keeps || shape.schema["x-kubernetes-preserve-unknown-fields"] === true;
  const set = setOf(pool, { shape, value, keeps: keepsUnknown });
  return isEmpty(set) ? undefined : set;
}

function requireScalar(shape: Shape, value: JsonValue): void {
  if (value === null) return;
  if (shape.scalar === undefined ? !isScalar(value) : typeof value !== shape.scalar) throw unusual;
}

function visitItems(
  pool: Pool,
  { shape, value, keeps }: { shape: Shape; value: JsonValue[]; keeps: boolean },
  take: Take,
): void {
  const elements = elementsOf(shape, value);
  for (let index = 0; index < elements.length; index += 1) {
    const field = { shape: shape.item, element: elements[index] as string, isNamed: false };
    visitField(pool, { field, value: value[index] as JsonValue, keeps }, take);
  }
}

/** Nothing to descend into, so the field itself is what was mentioned. */
function isNothing(value: JsonValue): boolean {
  if (value === null) return true;
  if (!isObject(value)) return false;
  for (const _ in value) return false;
  return true;
}
