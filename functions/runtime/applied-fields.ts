// Whether an apply would change anything: what the field manager owns now, compared with what it would own.

import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject } from "@knvirt/kubernetes";

/** The tree of owned fields: `f:name` members, `k:{"key":"value"}` and `v:value` items, `.` the node itself. */
type OwnedFields = { readonly [member: string]: OwnedFields };

/** True when the manager owns exactly the fields of `status` and the object holds these very values. */
export function hasApplied(object: KubernetesObject, manager: string, status: object): boolean {
  const entry = object.metadata.managedFields?.find(
    (fields) => fields.manager === manager && fields.operation === "Apply" && fields.subresource === "status",
  );
  const owned = (entry?.fieldsV1 as OwnedFields | undefined)?.["f:status"];
  const wanted = JSON.parse(JSON.stringify(status)) as object;
  if (!owned) return Object.keys(wanted).length === 0;
  return holds(owned, (object as { status?: unknown }).status, wanted);
}

function holds(owned: OwnedFields, actual: unknown, wanted: unknown): boolean {
  const members = Object.keys(owned).filter((member) => member !== ".");
  const [first] = members;
  if (first === undefined) return isDeepStrictEqual(actual, wanted);
  if (first.startsWith("f:")) return holdsFields(owned, actual, wanted);
  if (!Array.isArray(actual) || !Array.isArray(wanted) || wanted.length !== members.length) return false;
  return members.every((member) => {
    const isIt = itemOf(member);
    const item = wanted.find(isIt);
    return item !== undefined && holds(owned[member] ?? {}, actual.find(isIt), item);
  });
}

function holdsFields(owned: OwnedFields, actual: unknown, wanted: unknown): boolean {
  if (!isRecord(actual) || !isRecord(wanted)) return false;
  const names = Object.keys(owned).filter((member) => member !== ".");
  if (names.length !== Object.keys(wanted).length) return false;
  return names.every((member) => {
    const name = member.slice("f:".length);
    return Object.hasOwn(wanted, name) && holds(owned[member] ?? {}, actual[name], wanted[name]);
  });
}

/** Recognises the item of a list that `k:` or `v:` names. */
function itemOf(member: string): (item: unknown) => boolean {
  const named = JSON.parse(member.slice("k:".length)) as unknown;
  if (member.startsWith("v:")) return (item) => isDeepStrictEqual(item, named);
  const keys = Object.entries(named as object);
  return (item) => isRecord(item) && keys.every(([name, value]) => item[name] === value);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
