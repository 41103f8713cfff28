// A set of field paths as a tree. A path in it says nothing about its parents: `.spec.replicas` is not `.spec`.
import { sortElements } from "./path-element.ts";

/** Path elements from the root down, each in its fieldsV1 spelling. */
export type Path = readonly string[];

export interface FieldSet {
  /** Elements that end a path of the set. */
  members: ReadonlySet<string>;
  /** Elements below which the set goes on; never an empty set. */
  children: ReadonlyMap<string, FieldSet>;
}

/** A set while it is being built. */
export interface FieldSetBuilder extends FieldSet {
  members: Set<string>;
  children: Map<string, FieldSetBuilder>;
}

export const emptySet: FieldSet = { members: new Set(), children: new Map() };

export const fieldSetBuilder = (): FieldSetBuilder => ({ members: new Set(), children: new Map() });

export const fieldSetWith = (...paths: Path[]): FieldSet => {
  const set = fieldSetBuilder();
  for (const path of paths) insert(set, path);
  return set;
};

/** Nobody owns the whole object: the empty path is left out. */
export function insert(set: FieldSetBuilder, path: Path): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let at = set;
  for (const element of path.slice(0, -1)) at = descend(at, element);
  at.members.add(last);
}

function descend(set: FieldSetBuilder, element: string): FieldSetBuilder {
  const found = set.children.get(element);
  if (found) return found;
  const created = fieldSetBuilder();
  set.children.set(element, created);
  return created;
}

export const isEmpty = (set: FieldSet): boolean => set.members.size === 0 && set.children.size === 0;

export const below = (set: FieldSet, element: string): FieldSet => set.children.get(element) ?? emptySet;

export const sameFields = (left: FieldSet, right: FieldSet): boolean =>
  left.members.size === right.members.size &&
  left.children.size === right.children.size &&
  [...left.members].every((element) => right.members.has(element)) &&
  [...left.children].every(([element, child]) => sameFields(child, below(right, element)));

export function has(set: FieldSet, path: Path): boolean {
  const last = path.at(-1);
  return last !== undefined && path.slice(0, -1).reduce(below, set).members.has(last);
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    const found = children.get(element);
    children.set(element, found ? union(found, child) : child);
  }
  return { members: new Set([...left.members, ...right.members]), children };
}

export const intersection = (left: FieldSet, right: FieldSet): FieldSet => ({
  members: only(left.members, (element) => right.members.has(element)),
  children: nonEmpty(left.children, (child, element) => intersection(child, below(right, element))),
});

/** Path by path: a parent in `right` takes nothing away from its children in `left`. */
export const difference = (left: FieldSet, right: FieldSet): FieldSet => ({
  members: only(left.members, (element) => !right.members.has(element)),
  children: nonEmpty(left.children, (child, element) => {
    const other = right.children.get(element);
    return other ? difference(child, other) : child;
  }),
});

/** The part of a set whose first elements satisfy the predicate. */
export const startingWith = (set: FieldSet, wanted: (element: string) => boolean): FieldSet => ({
  members: only(set.members, wanted),
  children: new Map([...set.children].filter(([element]) => wanted(element))),
});

function only(members: ReadonlySet<string>, wanted: (element: string) => boolean): Set<string> {
  const kept = new Set<string>();
  for (const element of members) if (wanted(element)) kept.add(element);
  return kept;
}

function nonEmpty(
  children: ReadonlyMap<string, FieldSet>,
  map: (child: FieldSet, element: string) => FieldSet,
): Map<string, FieldSet> {
  const kept = new Map<string, FieldSet>();
  for (const [element, child] of children) {
    const mapped = map(child, element);
    if (!isEmpty(mapped)) kept.set(element, mapped);
  }
  return kept;
}

/** Every path, in the order in which Kubernetes lists conflicts. */
export function paths(set: FieldSet, prefix: Path = []): Path[] {
  return [
    ...sortElements(set.members).map((element) => [...prefix, element]),
    ...sortElements(set.children.keys()).flatMap((element) => paths(below(set, element), [...prefix, element])),
  ];
}
