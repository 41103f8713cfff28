// How fields change hands: a field that a write sets leaves everybody else's set; a removed one leaves all sets.
import type { Comparison } from "./comparison.ts";
import { difference, type FieldSet, intersection, isEmpty, type Path, paths, union } from "./field-set.ts";
import { compareText, type Manager, type Managers } from "./managers.ts";

/** A field that a manager would lose to the one who applies. */
export interface Conflict {
  manager: Manager;
  path: Path;
}

/** `self` is the identity of the one who writes, if the write goes by that identity. */
export const conflictsOf = (managers: Managers, comparison: Comparison, self: string): Conflict[] =>
  [...managers]
    .filter(([identity]) => identity !== self)
    .sort(([left], [right]) => compareText(left, right))
    .flatMap(([, manager]) =>
      paths(intersection(manager.fields, changed(comparison))).map((path) => ({ manager, path })),
    );

/** The managers once the write is done, apart from what the writer itself gains; who has nothing left is gone. */
export function handOver(managers: Managers, comparison: Comparison, self?: string): Managers {
  const lost = union(changed(comparison), comparison.removed);
  const left = new Map<string, Manager>();
  for (const [identity, manager] of managers) {
    const fields = identity === self ? manager.fields : difference(manager.fields, lost);
    if (!isEmpty(fields)) left.set(identity, { ...manager, fields });
  }
  return left;
}

export const changed = ({ added, modified }: Comparison): FieldSet => union(added, modified);
