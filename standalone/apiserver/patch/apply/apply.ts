// Server-side apply: an object, what somebody applies to it, and the object that comes of it.
// https://kubernetes.io/docs/reference/using-api/server-side-apply/
import type { Schema } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import { equal, type JsonObject } from "../json.ts";
import { compare, comparisonOf } from "./comparison.ts";
import { applyConflict } from "./conflict-message.ts";
import { isWritten, writablePart } from "./endpoint.ts";
import { difference, emptySet, type FieldSet, has, isEmpty, union } from "./field-set.ts";
import { fieldsOf } from "./field-set-of.ts";
import { fieldsLastApplied, withLastApplied } from "./last-applied.ts";
import {
  decodeManagers,
  encodeManagers,
  identityOf,
  type Manager,
  type Managers,
  managedFieldsOf,
  sameManagers,
  timestamp,
  withManagedFields,
  withoutManagedFields,
} from "./managers.ts";
import { mergeObjects } from "./merge.ts";
import { identityFields, withResourceProperties } from "./object-meta.ts";
import { type Conflict, conflictsOf, handOver } from "./ownership.ts";
import { prunedFields } from "./prune.ts";
import { aligned, managersAfter, type Writer } from "./update.ts";
import { validateApplied } from "./validate.ts";
import { without } from "./without.ts";

export interface ApplyRequest extends Writer {
  schema: Schema;
  /** Undefined when there is no such object yet. */
  live: JsonObject | undefined;
  applied: JsonObject;
  /** Takes fields from other managers instead of failing with a conflict. */
  force: boolean;
}

/** The name kubectl applies under unless told otherwise. */
const kubectl = "kubectl";

/**
 * The object to default, validate and store; `live` itself when nothing changes. A `metadata.uid` or
 * `metadata.resourceVersion` in the configuration is in the result too: preconditions that the caller checks.
 */
export function applyPatch(request: ApplyRequest): JsonObject {
  refuse(request);
  const { live } = request;
  const schema = withResourceProperties(request.schema);
  validateApplied(schema, request.applied);
  const applied = writablePart(request, request.applied);
  const before = withoutManagedFields(live ?? {});
  const known = decodeManagers(managedFieldsOf(live));
  const { object, managers } = applyTo({ ...request, schema, applied, whole: request.applied }, before, known);
  const isRecorded = request.manager === kubectl && !request.subresource;
  const result = isRecorded ? withLastApplied(object, request.applied) : object;
  if (live && equal(result, before) && sameManagers(known, managers)) return live;
  return withManagedFields(result, encodeManagers(managers));
}

function refuse({ applied, apiVersion }: ApplyRequest): void {
  if (applied.apiVersion !== apiVersion) {
    throw new PatchError(
      400,
      "Incorrect version specified in apply patch. " +
        `Specified patch version: ${applied.apiVersion ?? ""}, expected: ${apiVersion}`,
    );
  }
  const managedFields = managedFieldsOf(applied);
  if (managedFields !== undefined && managedFields !== null) {
    throw new PatchError(400, "metadata.managedFields must be nil");
  }
}

interface Applied {
  object: JsonObject;
  managers: Managers;
}

interface ApplyStep extends ApplyRequest {
  /** With the parts that this endpoint does not write. */
  whole: JsonObject;
}

function applyTo(request: ApplyStep, before: JsonObject, known: Managers): Applied {
  const { schema, applied } = request;
  const managers = new Map(aligned(schema, trackedManagers(request, known)));
  const self: Manager = { ...applierOf(request), fields: fieldsOf(schema, applied) };
  const identity = identityOf(self);
  const previous = managers.get(identity);
  managers.set(identity, self);

  const merged = mergeObjects(schema, before, applied);
  const last = previous?.fields ?? emptySet;
  const fields = prunedFields(schema, { merged, applied: self.fields, last, managers });
  // Who owns a map that is left empty goes on owning it, so ownership is settled before it vanishes.
  const settled = without(schema, merged, { fields, emptied: null, kept: emptySet });
  const comparison = comparisonOf(compare(schema, before, settled), isWritten(request));
  if (!request.force) refuseConflicts(request, conflictsOf(managers, comparison, identity));

  const pruned = without(schema, merged, { fields, emptied: undefined, kept: appliedFields(managers) });
  // Merged once more for the sake of lists that were applied empty: no set has a trace of those.
  const object = mergeObjects(schema, pruned, applied);
  const left = new Map(handOver(managers, comparison, identity));
  const own = difference(self.fields, identityFields);
  const isNoop = equal(object, before) && equal(mergeObjects(schema, before, request.whole), before);
  const time = isNoop ? previous?.time : timestamp(request.now);
  if (isEmpty(own)) left.delete(identity);
  else left.set(identity, { ...self, fields: own, time });
  return { object, managers: left };
}

/** Kubernetes leaves null of a map that somebody applied as `{}` when its last field goes; here it stays `{}`. */
const appliedFields = (managers: Managers): FieldSet =>
  [...managers.values()]
    .filter(({ operation }) => operation === "Apply")
    .map(({ fields }) => fields)
    .reduce(union, emptySet);

const applierOf = ({ manager, apiVersion, subresource }: ApplyRequest): Omit<Manager, "fields"> => ({
  manager: manager || "unknown",
  operation: "Apply",
  apiVersion,
  subresource,
});

/** What stood in an object before anybody was tracked counts as written by one manager. */
function trackedManagers({ live, ...request }: ApplyRequest, known: Managers): Managers {
  if (known.size > 0 || !live) return known;
  return managersAfter({ ...request, manager: "before-first-apply", before: undefined, after: live }, known);
}

function refuseConflicts({ manager, schema, live, apiVersion }: ApplyRequest, conflicts: Conflict[]): void {
  if (conflicts.length === 0) return;
  const remaining =
    manager === kubectl && live
      ? conflictsOutside(conflicts, fieldsLastApplied(schema, withoutManagedFields(live), apiVersion))
      : conflicts;
  if (remaining.length > 0) throw applyConflict(remaining);
}

const conflictsOutside = (conflicts: Conflict[], fields: FieldSet): Conflict[] =>
  conflicts.filter(({ path }) => !has(fields, path));
