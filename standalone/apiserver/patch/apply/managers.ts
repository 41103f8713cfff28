// `metadata.managedFields`: who manages which fields, read, written and kept in Kubernetes' order.
import type { JsonValue } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { isObject, type JsonObject, withoutMember } from "../json.ts";
import { emptySet, type FieldSet, sameFields } from "./field-set.ts";
import { decodeFields, encodeFields, type FieldsV1 } from "./fields-v1.ts";

type Operation = "Apply" | "Update";

/** An entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  manager: string;
  operation: Operation;
  apiVersion: string;
  time?: string;
  fieldsType: "FieldsV1";
  fieldsV1: FieldsV1;
  subresource?: string;
}

export interface Manager {
  manager: string;
  operation: Operation;
  apiVersion: string;
  subresource?: string | undefined;
  time?: string | undefined;
  fields: FieldSet;
}

/** By identity: two entries of one identity are one manager. */
export type Managers = ReadonlyMap<string, Manager>;

/**
 * Who applies stays the same manager whatever version they apply in; who updates is another one in each version.
 * The text is also what sorts conflicts, hence its JSON form.
 */
export function identityOf({ manager, operation, apiVersion, subresource }: Omit<Manager, "fields">): string {
  return JSON.stringify({
    manager: manager || undefined,
    operation,
    apiVersion: operation === "Update" ? apiVersion : undefined,
    subresource: subresource || undefined,
  });
}

/** Throws when an entry is not one that an API server wrote. */
export function decodeManagers(entries: JsonValue | undefined): Managers {
  if (entries === undefined || entries === null) return new Map();
  if (!Array.isArray(entries)) throw new PatchError(400, "metadata.managedFields is malformed: expected a list");
  const managers = entries.map(decodeManager);
  return new Map(managers.map((manager) => [identityOf(manager), manager]));
}

function decodeManager(entry: JsonValue, index: number): Manager {
  const wrong = (what: string): PatchError => new PatchError(400, `metadata.managedFields[${index}] ${what}`);
  if (!isObject(entry)) throw wrong("is malformed: expected an object");
  const { operation, fieldsType, fieldsV1 } = entry;
  if (operation !== "Apply" && operation !== "Update") throw wrong("has a bad operation: expected Apply or Update");
  if (fieldsType !== "FieldsV1") throw wrong(`has a bad fieldsType: ${JSON.stringify(fieldsType)}`);
  const apiVersion = textIn(entry, "apiVersion");
  if (!apiVersion) throw wrong("has no apiVersion");
  return {
    manager: textIn(entry, "manager") ?? "",
    operation,
    apiVersion,
    subresource: textIn(entry, "subresource"),
    time: textIn(entry, "time"),
    fields: fieldsV1 === undefined || fieldsV1 === null ? emptySet : decodeFields(fieldsV1),
  };
}

function textIn(entry: JsonObject, name: string): string | undefined {
  const value = entry[name];
  return typeof value === "string" ? value : undefined;
}

export const encodeManagers = (managers: Managers): ManagedFieldsEntry[] =>
  [...managers.values()]
    .sort(compareManagers)
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time && { time }),
      fieldsType: "FieldsV1",
      fieldsV1: encodeFields(fields),
      ...(subresource && { subresource }),
    }));

export const sameManagers = (left: Managers, right: Managers): boolean =>
  left.size === right.size &&
  [...left].every(([identity, { apiVersion, time, fields }]) => {
    const other = right.get(identity);
    return other?.apiVersion === apiVersion && other.time === time && sameFields(fields, other.fields);
  });

function compareManagers(left: Manager, right: Manager): number {
  return (
    compareText(left.operation, right.operation) ||
    secondsOf(left) - secondsOf(right) ||
    compareText(left.manager, right.manager) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource ?? "", right.subresource ?? "")
  );
}

/** An entry without a time counts as the oldest. */
export const secondsOf = ({ time }: Pick<Manager, "time">): number =>
  time === undefined ? 0 : Math.floor(Date.parse(time) / 1000) || 0;

export const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Times in managed fields are of whole seconds. */
export const timestamp = (now: Date): string => `${now.toISOString().slice(0, 19)}Z`;

export const managedFieldsOf = (object: JsonObject | undefined): JsonValue | undefined => {
  const metadata = object?.metadata;
  return isObject(metadata) ? metadata.managedFields : undefined;
};

export function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = object.metadata;
  return isObject(metadata) ? { ...object, metadata: withoutMember(metadata, "managedFields") } : object;
}

/** An object nobody manages has no managed fields at all. */
export function withManagedFields(object: JsonObject, entries: ManagedFieldsEntry[]): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const managedFields = entries.map((entry): JsonObject => ({ ...entry }));
  return entries.length > 0 ? { ...object, metadata: { ...metadata, managedFields } } : withoutManagedFields(object);
}
