// Who manages which field after a create, an update or a patch that is not an apply.
import { endpointOf } from "../../../../standalone/apiserver/lifecycle/managed-fields.ts";
import type { ServedResource } from "../../../../standalone/apiserver/machinery.ts";
import type { KubernetesObject, ManagedFieldsEntry } from "../../../../standalone/apiserver/object.ts";
import { isEmpty } from "../../../../standalone/apiserver/patch/apply/field-set.ts";
import { type JsonObject, updateManagedFields } from "../../../../standalone/apiserver/patch/index.ts";
import { isObject } from "../../../../standalone/apiserver/patch/json.ts";
import type { JsonValue } from "../../../../standalone/apiserver/schema/index.ts";
import { union } from "./algebra.ts";
import { compare } from "./compare.ts";
import { isSameManager, type Manager } from "./managers.ts";
import { handedOver, ownable } from "./ownership.ts";
import { completeShape, type Shape } from "./shape.ts";
import { quickOr, unusual } from "./unusual.ts";
import { type Fields, type FieldWriter, timeOf, writtenBy } from "./writer.ts";

export interface Change {
  resource: ServedResource;
  before: KubernetesObject | undefined;
  after: KubernetesObject;
  writer: FieldWriter;
}

/** The managedFields to store; none when nobody is to be tracked. */
export const fieldsAfter = (fields: Fields, change: Change): ManagedFieldsEntry[] =>
  quickOr(
    () => quickly(fields, change),
    () => exactly(change),
  );

function exactly({ resource, before, after, writer }: Change): ManagedFieldsEntry[] {
  const { manager, now, subresource = "" } = writer;
  return updateManagedFields({
    schema: resource.schema,
    before: before as unknown as JsonObject | undefined,
    after: after as unknown as JsonObject,
    blank: (resource.strategy.blank ?? {}) as JsonObject,
    ...{ manager, operation: "Update", apiVersion: resource.apiVersion, now },
    ...endpointOf(resource, subresource),
  }) as ManagedFieldsEntry[];
}

/** As Kubernetes: beyond them the oldest become one. */
const maxUpdateManagers = 10;

function quickly(fields: Fields, change: Change): ManagedFieldsEntry[] {
  const { resource, before, writer } = change;
  const shape = completeShape(resource.schema);
  const managers = managersBefore(fields, shape, change);
  if (managers.length === 0 && before) return [];
  const comparison = compare(shape, filled(change), writtenBy(resource, writer));
  const left = handedOver(fields.pool, managers, comparison);
  const gained = ownable(comparison.changed);
  if (isEmpty(gained)) return fields.managers.entriesOf(left);
  const self = writerOf(change, fields.pool.empty);
  const found = left.find((manager) => isSameManager(manager, self));
  const owned = fields.pool.pooled(found ? union(found.fields, gained) : gained);
  const all = [...left.filter((manager) => manager !== found), { ...self, fields: owned }];
  if (all.filter(({ operation }) => operation === "Update").length > maxUpdateManagers) throw unusual;
  return fields.managers.entriesOf(all);
}

/** With the members that every object of the kind has, whether they are written down or not. */
function filled({ resource: { strategy }, before = {} as KubernetesObject, after }: Change) {
  const blank = (strategy.blank ?? {}) as JsonObject;
  return {
    before: laidOver(blank, before as unknown as JsonObject),
    after: laidOver(blank, after as unknown as JsonObject),
  };
}

function laidOver(blank: JsonObject, object: JsonObject): JsonObject {
  let result = object;
  for (const name in blank) {
    const inside = filledPart(blank[name], object[name]);
    if (inside === object[name]) continue;
    if (result === object) result = { ...object };
    result[name] = inside;
  }
  return result;
}

function filledPart(blank: JsonValue | undefined, part: JsonValue | undefined): JsonValue {
  if (Array.isArray(blank)) return part ?? blank;
  const present = part ?? {};
  return isObject(blank) && isObject(present) ? laidOver(blank, present) : present;
}

const writerOf = ({ resource, writer }: Change, fields: Manager["fields"]): Manager => ({
  manager: writer.manager || "unknown",
  operation: "Update",
  apiVersion: resource.apiVersion,
  subresource: writer.subresource,
  time: timeOf(writer),
  fields,
});

/** Who sends other managedFields than there are is left to the real implementation. */
function managersBefore({ managers }: Fields, shape: Shape, { before, after, writer }: Change): Manager[] {
  const stored = before?.metadata.managedFields;
  const sent = after.metadata.managedFields;
  if (!writer.subresource && sent !== undefined && sent !== stored) throw unusual;
  return managers.of(shape, stored);
}
