// Who manages which fields: read from managedFields once, and written as it was where nothing has changed.
import type { ManagedFieldsEntry } from "../../../../standalone/apiserver/object.ts";
import {
  compareText,
  decodeManagers,
  type Manager as RealManager,
  secondsOf,
} from "../../../../standalone/apiserver/patch/apply/managers.ts";
import { alignedWith } from "../../../../standalone/apiserver/patch/apply/schema-change.ts";
import type { JsonValue } from "../../../../standalone/apiserver/schema/index.ts";
import type { Pool, Pooled } from "./pool.ts";
import type { Shape } from "./shape.ts";
import { unusual } from "./unusual.ts";

export interface Manager extends RealManager {
  readonly fields: Pooled;
  /** As it is written in managedFields; absent when something of it is new. */
  readonly entry?: ManagedFieldsEntry;
}

export interface Managers {
  /** Throws PatchError or `unusual` when an entry is not one that an API server wrote. */
  of(shape: Shape, entries: readonly ManagedFieldsEntry[] | undefined): Manager[];
  entriesOf(managers: readonly Manager[]): ManagedFieldsEntry[];
}

export function managersBy(pool: Pool): Managers {
  const written = (manager: Manager): ManagedFieldsEntry =>
    manager.entry ?? entryOf(manager, pool.fieldsV1(manager.fields));
  return {
    of: (shape, entries = []) => {
      const managers: Manager[] = [];
      for (const entry of entries) {
        const fields = pool.find(entry.fieldsV1);
        if (!fields) return foreign(pool, shape, entries);
        const { manager, operation, apiVersion, subresource, time } = entry;
        managers.push({ manager, operation, apiVersion, subresource, time, fields, entry });
      }
      return managers;
    },
    entriesOf: (managers) => [...managers].sort(compareManagers).map(written),
  };
}

/** Not written by us: they are written anew. */
function foreign(pool: Pool, { schema }: Shape, entries: readonly ManagedFieldsEntry[]): Manager[] {
  const decoded = [...decodeManagers(entries as unknown as JsonValue).values()];
  if (decoded.length !== entries.length) throw unusual; // one of them is there twice
  return decoded.map((manager) => ({ ...manager, fields: pool.pooled(alignedWith(schema, manager.fields)) }));
}

const entryOf = (
  { manager, operation, apiVersion, time, subresource }: Manager,
  fieldsV1: ManagedFieldsEntry["fieldsV1"],
): ManagedFieldsEntry => ({
  ...{ manager, operation, apiVersion },
  ...(time && { time }),
  ...{ fieldsType: "FieldsV1", fieldsV1 },
  ...(subresource && { subresource }),
});

const compareManagers = (left: Manager, right: Manager): number =>
  compareText(left.operation, right.operation) ||
  compareTimes(left, right) ||
  compareText(left.manager, right.manager) ||
  compareText(left.apiVersion, right.apiVersion) ||
  compareText(left.subresource ?? "", right.subresource ?? "");

/** Our own times are all of one form, and sort as text. */
function compareTimes(left: Manager, right: Manager): number {
  if (left.time === right.time) return 0;
  const isText = left.time?.length === right.time?.length && left.time?.endsWith("Z") && right.time?.endsWith("Z");
  return isText ? compareText(left.time ?? "", right.time ?? "") : secondsOf(left) - secondsOf(right);
}

type Identity = Omit<Manager, "fields">;

/** Who applies is one manager whatever version they apply in. */
export const isSameManager = (one: Identity, other: Identity): boolean =>
  one.manager === other.manager &&
  one.operation === other.operation &&
  (one.subresource ?? "") === (other.subresource ?? "") &&
  (one.operation === "Apply" || one.apiVersion === other.apiVersion);
