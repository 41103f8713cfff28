// Who writes, and which part of the object the request can write at all.
import type { ServedResource } from "../../../../standalone/apiserver/machinery.ts";
import { timestamp } from "../../../../standalone/apiserver/timestamp.ts";
import { type Managers, managersBy } from "./managers.ts";
import { fieldSetPool, type Pool } from "./pool.ts";

export interface FieldWriter {
  /** Empty for a client without a name. */
  manager: string;
  now: Date;
  subresource?: "status" | undefined;
}

/** What is known of field sets and managers, of one API server. */
export interface Fields {
  pool: Pool;
  managers: Managers;
}

export function createFields(): Fields {
  const pool = fieldSetPool();
  return { pool, managers: managersBy(pool) };
}

/** Of a write, as managedFields have it. */
export const timeOf = ({ now }: FieldWriter): string => timestamp(now);

const isStatus = (name: string): boolean => name === "status";
const isNotStatus = (name: string): boolean => name !== "status";
const isAny = (): boolean => true;

/** Tells the top-level fields whose owners can change by this write. */
export function writtenBy({ definition }: ServedResource, { subresource }: FieldWriter): (name: string) => boolean {
  if (subresource) return isStatus;
  return definition.subresources.status ? isNotStatus : isAny;
}
