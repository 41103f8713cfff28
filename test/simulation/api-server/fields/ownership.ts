// How fields change hands, in the words of the real implementation's ownership.ts.

import { type FieldSet, isEmpty } from "../../../../standalone/apiserver/patch/apply/field-set.ts";
import { identityFields } from "../../../../standalone/apiserver/patch/apply/object-meta.ts";
import { fieldElement } from "../../../../standalone/apiserver/patch/apply/path-element.ts";
import { difference } from "./algebra.ts";
import type { Comparison } from "./compare.ts";
import type { Manager } from "./managers.ts";
import type { Pool } from "./pool.ts";

/** A field that a write sets or removes leaves the sets of these managers; who has nothing left is gone. */
export function handedOver(pool: Pool, managers: readonly Manager[], comparison: Comparison): Manager[] {
  const left: Manager[] = [];
  for (const manager of managers) {
    const kept = without(pool, manager.fields, comparison);
    if (kept === manager.fields) left.push(manager);
    else if (!isEmpty(kept)) left.push(renewed(manager, kept));
  }
  return left;
}

const without = (pool: Pool, fields: Manager["fields"], { changed, removed }: Comparison): Manager["fields"] =>
  pool.pooled(difference(difference(fields, changed), removed));

function renewed({ entry: _, ...manager }: Manager, fields: Manager["fields"]): Manager {
  return { ...manager, fields };
}

const metadata = fieldElement("metadata");
const identity = [...(identityFields.children.get(metadata)?.members ?? [])];

/** Nobody owns apiVersion, kind, the metadata as a whole, or what of it says which object it is. */
export function ownable(set: FieldSet): FieldSet {
  const members = new Set(set.members);
  for (const name of ["apiVersion", "kind", "metadata"]) members.delete(fieldElement(name));
  const inside = set.children.get(metadata);
  if (!inside) return { members, children: set.children };
  const owned: FieldSet = { members: new Set(inside.members), children: inside.children };
  for (const element of identity) (owned.members as Set<string>).delete(element);
  const children = new Map(set.children);
  if (isEmpty(owned)) children.delete(metadata);
  else children.set(metadata, owned);
  return { members, children };
}
