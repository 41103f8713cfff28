// Field sets, each there only once: equal ones are the very same, and share what they look like in managedFields.
import type { ManagedFieldsEntry } from "../../../../standalone/apiserver/object.ts";
import type { FieldSet } from "../../../../standalone/apiserver/patch/apply/field-set.ts";
import { encodeFields } from "../../../../standalone/apiserver/patch/apply/fields-v1.ts";
import { frozen } from "../received.ts";

type FieldsV1 = ManagedFieldsEntry["fieldsV1"];

/** A set of the pool. */
export interface Pooled extends FieldSet {
  readonly id: number;
  readonly children: ReadonlyMap<string, Pooled>;
  /** As managedFields have it; made when it is first asked for. */
  fieldsV1: FieldsV1 | undefined;
}

export interface Pool {
  readonly empty: Pooled;
  pooled(set: FieldSet): Pooled;
  /** The set that these parts make, if it is there: see `partOf`. */
  byParts(text: string): Pooled | undefined;
  /** It will be found by these parts. */
  remember(text: string, set: Pooled): void;
  /** Equal sets have the very same. */
  fieldsV1(set: Pooled): FieldsV1;
  /** The set that is written so, if it was written here. */
  find(fieldsV1: FieldsV1): Pooled | undefined;
}

/** One element of a set as text. With its length, so that no element can look like two. */
export const partOf = (element: string, child: Pooled | undefined, isMember: boolean): string =>
  `${element.length}:${element}${isMember ? "." : ""}${child ? child.id : ""};`;

export function fieldSetPool(): Pool {
  const sets = new Map<string, Pooled>();
  const written = new Map<FieldsV1, Pooled>();
  let count = 0;
  const make = (members: ReadonlySet<string>, children: ReadonlyMap<string, Pooled>): Pooled => {
    count += 1;
    return { id: count, members, children, fieldsV1: undefined };
  };
  const pooled = (set: FieldSet): Pooled => {
    if ((set as Partial<Pooled>).id !== undefined) return set as Pooled;
    const children = new Map<string, Pooled>();
    for (const [element, child] of set.children) children.set(element, pooled(child));
    const parts = partsOf(set.members, children);
    const text = parts.join("");
    const found = sets.get(text);
    if (found) return found;
    // Whatever order its parts are met in, it is one set.
    const sorted = ` ${parts.sort().join("")}`;
    const same = sets.get(sorted) ?? make(set.members, children);
    sets.set(sorted, same);
    sets.set(text, same);
    return same;
  };
  return {
    empty: pooled({ members: new Set(), children: new Map() }),
    pooled,
    byParts: (text) => sets.get(text),
    remember: (text, set) => void sets.set(text, set),
    fieldsV1: (set) => {
      if (set.fieldsV1) return set.fieldsV1;
      set.fieldsV1 = frozen(encodeFields(set));
      written.set(set.fieldsV1, set);
      return set.fieldsV1;
    },
    find: (fieldsV1) => written.get(fieldsV1),
  };
}

function partsOf(members: ReadonlySet<string>, children: ReadonlyMap<string, Pooled>): string[] {
  const parts: string[] = [];
  for (const element of members) parts.push(partOf(element, children.get(element), true));
  for (const [element, child] of children) if (!members.has(element)) parts.push(partOf(element, child, false));
  return parts;
}
