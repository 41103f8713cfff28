// Who manages which field after a create, an update or a patch that is not an apply.
import type { JsonValue, Schema } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import { capUpdateManagers } from "./cap.ts";
import { compare, comparisonOf } from "./comparison.ts";
import { type Endpoint, isWritten } from "./endpoint.ts";
import { difference, isEmpty, union } from "./field-set.ts";
import {
  decodeManagers,
  encodeManagers,
  identityOf,
  type ManagedFieldsEntry,
  type Managers,
  managedFieldsOf,
  timestamp,
  withoutManagedFields,
} from "./managers.ts";
import { identityFields, withResourceProperties } from "./object-meta.ts";
import { changed, handOver } from "./ownership.ts";
import { alignedWith } from "./schema-change.ts";

export interface Writer extends Endpoint {
  /** Empty for a client without a name: it is then called "unknown". */
  manager: string;
  apiVersion: string;
  now: Date;
}

export interface UpdateRequest extends Writer {
  schema: Schema;
  /** Undefined when the object is created. */
  before: JsonObject | undefined;
  /** As it will be stored; its `metadata.managedFields` are those the client sent. */
  after: JsonObject;
  operation: "Update";
  /** Members that every object of the kind has, whether they are written down or not. */
  blank?: JsonObject;
}

/** The `metadata.managedFields` to store; an empty list means to store none. */
export function updateManagedFields(request: UpdateRequest): ManagedFieldsEntry[] {
  const managers = managersBefore(request);
  // Nobody asked for the object to be tracked, or somebody asked for it not to be.
  if (managers.size === 0 && request.before) return [];
  try {
    return encodeManagers(capUpdateManagers(managersAfter(request, managers)));
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    // Items without their keys belong to nobody; as in Kubernetes the write goes on and ownership stays as it was.
    return encodeManagers(readable(managedFieldsOf(request.before)));
  }
}

/** Who manages what once the writer has changed `before` into `after`. */
export function managersAfter(request: Omit<UpdateRequest, "operation">, managers: Managers): Managers {
  const schema = withResourceProperties(request.schema);
  const { blank = {} } = request;
  const before = laidOver(blank, withoutManagedFields(request.before ?? {}));
  const after = laidOver(blank, withoutManagedFields(request.after));
  const comparison = comparisonOf(compare(schema, before, after), isWritten(request));
  const left = new Map(handOver(aligned(schema, managers), comparison));
  const gained = difference(changed(comparison), identityFields);
  if (isEmpty(gained)) return left;
  const { manager, apiVersion, subresource, now } = request;
  const writer = { manager: manager || "unknown", operation: "Update", apiVersion, subresource } as const;
  const identity = identityOf(writer);
  const fields = union(gained, left.get(identity)?.fields ?? gained);
  return left.set(identity, { ...writer, fields, time: timestamp(now) });
}

function laidOver(blank: JsonObject, object: JsonObject): JsonObject {
  const filled = { ...object };
  for (const [name, below] of Object.entries(blank)) {
    const present = object[name] ?? (Array.isArray(below) ? below : {});
    if (Array.isArray(below)) filled[name] = present;
    if (isObject(below) && isObject(present)) filled[name] = laidOver(below, present);
  }
  return filled;
}

export const aligned = (schema: Schema, managers: Managers): Managers =>
  new Map(
    [...managers].map(([identity, manager]) => {
      return [identity, { ...manager, fields: alignedWith(schema, manager.fields) }];
    }),
  );

/**
 * A client may replace the list, or reset it with an empty one. Who sends none, or one that cannot be read, most
 * likely does not know of it: then it stays what it was. Through a subresource it cannot be set at all.
 */
function managersBefore({ before, after, subresource }: UpdateRequest): Managers {
  const sent = managedFieldsOf(after);
  if (subresource) return readable(managedFieldsOf(before));
  if (isReset(sent)) return new Map();
  const managers = readable(sent);
  return managers.size > 0 ? managers : readable(managedFieldsOf(before));
}

function isReset(sent: JsonValue | undefined): boolean {
  if (!Array.isArray(sent)) return false;
  const [only] = sent;
  return sent.length === 0 || (sent.length === 1 && isObject(only) && Object.keys(only).length === 0);
}

function readable(entries: JsonValue | undefined): Managers {
  try {
    return decodeManagers(entries);
  } catch (error) {
    if (error instanceof PatchError) return new Map();
    throw error;
  }
}
