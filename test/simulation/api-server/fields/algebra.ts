// What the pool's sets are asked. Where the answer is one of the sets given, it is the very same.
import {
  emptySet,
  type FieldSet,
  isEmpty,
  union as realUnion,
} from "../../../../standalone/apiserver/patch/apply/field-set.ts";

/** Path by path, as the real implementation has it. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) return emptySet;
  if (isDisjoint(left, right)) return left;
  const members = new Set<string>();
  for (const element of left.members) if (!right.members.has(element)) members.add(element);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const rest = other ? difference(child, other) : child;
    if (!isEmpty(rest)) children.set(element, rest);
  }
  return { members, children };
}

export function isDisjoint(left: FieldSet, right: FieldSet): boolean {
  for (const element of right.members) if (left.members.has(element)) return false;
  for (const [element, child] of right.children) {
    const other = left.children.get(element);
    if (other && !isDisjoint(other, child)) return false;
  }
  return true;
}

/** Whether `right` has all that is in `left`. */
export function isWithin(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  for (const element of left.members) if (!right.members.has(element)) return false;
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    if (!other || !isWithin(child, other)) return false;
  }
  return true;
}

export const union = (left: FieldSet, right: FieldSet): FieldSet =>
  isWithin(right, left) ? left : realUnion(left, right);
