// Server-side apply: what comes of an object when somebody applies to it.
import { endpointOf } from "../../../../standalone/apiserver/lifecycle/managed-fields.ts";
import type { ServedResource } from "../../../../standalone/apiserver/machinery.ts";
import type { KubernetesObject, ManagedFieldsEntry } from "../../../../standalone/apiserver/object.ts";
import { writablePart } from "../../../../standalone/apiserver/patch/apply/endpoint.ts";
import { isEmpty } from "../../../../standalone/apiserver/patch/apply/field-set.ts";
import { applyPatch, type JsonObject } from "../../../../standalone/apiserver/patch/index.ts";
import { equal } from "../../../../standalone/apiserver/patch/json.ts";
import { isDisjoint, isWithin } from "./algebra.ts";
import { type Comparison, compare } from "./compare.ts";
import { fieldsOf } from "./fields-of.ts";
import { isSameManager, type Manager } from "./managers.ts";
import { mergeFields } from "./merge.ts";
import { handedOver, ownable } from "./ownership.ts";
import type { Pooled } from "./pool.ts";

import { pruned } from "./prune.ts";
import { completeShape } from "./shape.ts";
import { isSound } from "./sound.ts";
import { quickOr, unusual } from "./unusual.ts";
import { type Fields, type FieldWriter, timeOf, writtenBy } from "./writer.ts";

export interface Application {
  resource: ServedResource;
  live: KubernetesObject | undefined;
  applied: KubernetesObject;
  writer: FieldWriter;
  force: boolean;
}

/** With its managedFields; `live` itself when nothing changes. Throws as applyPatch does. */
export const appliedTo = (fields: Fields, application: Application): KubernetesObject =>
  quickOr(
    () => quickly(fields, application),
    () => exactly(application),
  );

const asJson = (object: KubernetesObject): JsonObject => object as unknown as JsonObject;

function exactly({ resource, live, applied, writer, force }: Application): KubernetesObject {
  const { manager, now, subresource = "" } = writer;
  return applyPatch({
    schema: resource.schema,
    live: live && asJson(live),
    applied: asJson(applied),
    ...{ manager, force, now, apiVersion: resource.apiVersion },
    ...endpointOf(resource, subresource),
  }) as unknown as KubernetesObject;
}

function quickly(fields: Fields, application: Application): KubernetesObject {
  const { live, resource, writer } = application;
  const managers = managersBefore(fields, application);
  const shape = completeShape(resource.schema);
  const part = writablePart(endpointOf(resource, writer.subresource ?? ""), asJson(application.applied));
  const self = applierOf(application, ownFields(fields, application, part));
  const previous = managers.find((manager) => isSameManager(manager, self));
  const others = managers.filter((manager) => manager !== previous);
  const before = live ? asJson(live) : {};
  const merged = mergeFields(shape, before, part);
  const hasDropped = previous !== undefined && !isWithin(previous.fields, self.fields);
  const { settled, object } = hasDropped
    ? pruned(shape, { merged, part, last: previous.fields, others })
    : { settled: merged, object: merged };
  const comparison = compare(shape, { before, after: settled }, writtenBy(resource, writer));
  if (!application.force) refuseConflicts(others, comparison);
  const isSame = equal(object, before);
  const isNoop = isSame && equal(mergeFields(shape, before, asJson(application.applied)), before);
  const own = appliedBy(self, previous, isNoop ? previous?.time : timeOf(writer));
  const left = [...handedOver(fields.pool, others, comparison), ...own];
  if (live && isSame && isUntouched(left, managers)) return live;
  return withEntries(object, fields.managers.entriesOf(left));
}

/** Throws `unusual` when the real implementation has more to look at. */
function managersBefore(fields: Fields, { resource, live, applied, writer }: Application): Manager[] {
  const shape = completeShape(resource.schema);
  if (writer.manager === "kubectl" || !isSound(shape, outside(applied, writer))) throw unusual;
  const managers = fields.managers.of(shape, live?.metadata.managedFields);
  if (live && managers.length === 0) throw unusual; // nobody was tracked before
  return managers;
}

const isStatus = (name: string): boolean => name === "status";
const isPart = (name: string): boolean => name !== "apiVersion" && name !== "kind";

/** Only the metadata has what nobody owns, and with a status it says no more than which object is meant. */
function ownFields({ pool }: Fields, { resource, writer }: Application, object: JsonObject): Pooled {
  const shape = completeShape(resource.schema);
  if (writer.subresource) return fieldsOf(pool, shape, { object, counts: isStatus });
  return pool.pooled(ownable(fieldsOf(pool, shape, { object, counts: isPart })));
}

/** What of it is not looked at when its fields are listed. */
function outside(applied: KubernetesObject, { subresource }: FieldWriter): JsonObject {
  const { status, ...rest } = asJson(applied);
  if (subresource) return rest;
  return { ...(applied.apiVersion && { apiVersion: applied.apiVersion }), ...(status !== undefined && { status }) };
}

const applierOf = ({ resource, writer }: Application, fields: Manager["fields"]): Manager => ({
  ...{ manager: writer.manager || "unknown", operation: "Apply", apiVersion: resource.apiVersion, fields },
  subresource: writer.subresource,
});

/** Nobody, when nothing is applied; the manager as it was, when it applies what it did. */
function appliedBy(self: Manager, previous: Manager | undefined, time: string | undefined): Manager[] {
  if (isEmpty(self.fields)) return [];
  const isAsBefore =
    previous?.fields === self.fields && previous.time === time && previous.apiVersion === self.apiVersion;
  return [isAsBefore ? previous : { ...self, time }];
}

const isUntouched = (managers: readonly Manager[], before: readonly Manager[]): boolean =>
  managers.length === before.length && managers.every((manager) => before.includes(manager));

/** The real implementation tells which they are. */
function refuseConflicts(others: readonly Manager[], { changed }: Comparison): void {
  if (others.some(({ fields }) => !isDisjoint(fields, changed))) throw unusual;
}

function withEntries(object: JsonObject, entries: ManagedFieldsEntry[]): KubernetesObject {
  const { metadata, ...rest } = object as unknown as KubernetesObject;
  if (entries.length > 0) return { ...rest, metadata: { ...metadata, managedFields: entries } } as KubernetesObject;
  const { managedFields: _, ...others } = metadata;
  return { ...rest, metadata: others } as KubernetesObject;
}
