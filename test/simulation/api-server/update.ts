// Changing an object that exists: what the server keeps of it, and what counts as a change.
import { conflict, invalid, modifiedMeanwhile, notFound } from "../../../standalone/apiserver/errors.ts";
import { isReleased, requireResourceVersion } from "../../../standalone/apiserver/lifecycle/update.ts";
import type { ServedResource } from "../../../standalone/apiserver/machinery.ts";
import { fixedCauses } from "../../../standalone/apiserver/metadata.ts";
import type { KubernetesObject, ObjectMeta } from "../../../standalone/apiserver/object.ts";
import { addressed, requireKind } from "./addressed.ts";
import { keyIn } from "./key.ts";
import { tracked } from "./managed-fields.ts";
import { type Model, type Outcome, written } from "./model.ts";
import { normalized } from "./normalized.ts";
import { sharing } from "./received.ts";
import { managerOf, type Request, subjectOf } from "./request.ts";
import { isSameButTimes } from "./same.ts";

/** PUT of a whole object, or of its status. */
export function update(model: Model, request: Request): KubernetesObject {
  const object = addressed(request, requireKind(request, request.body()));
  const outcome = changed(model, request, { live: liveObject(model, request), wanted: object, replaces: true });
  return written(model, { ...request, verb: "update" }, outcome);
}

/** Throws NotFound. */
export function liveObject({ store }: Model, request: Request): KubernetesObject {
  const { resource, namespace, name = "" } = request;
  const found = store.collection(resource).byKey.get(keyIn(namespace, name));
  if (!found) throw notFound(subjectOf(request));
  return found;
}

export interface Wish {
  live: KubernetesObject;
  wanted: KubernetesObject;
  /** The managedFields of what is wanted are right already, as after an apply. */
  isTracked?: boolean;
  /** The whole object was sent: a uid in it says which one is meant. */
  replaces?: boolean;
}

export function changed(model: Model, request: Request, wish: Wish): Outcome {
  const { resource } = request;
  const { live, wanted, isTracked = false } = wish;
  requireSameIncarnation(request, wish);
  const known = normalized(resource, wanted, live);
  const merged = mergedParts(request, live, known);
  const prepared = sharing(live, resource.strategy.prepareUpdate?.(merged, live) ?? merged);
  const next = counted(resource, live, prepared);
  requireFixed(request, live, wanted);
  requireNoNewFinalizers(request, live, next);
  const subresource = request.subresource === "status" ? "status" : undefined;
  const writer = { manager: managerOf(request), now: model.now(), subresource } as const;
  const after = isTracked ? next : tracked(model.fields, resource, { before: live, after: next, writer });
  if (isSameButTimes(live, after)) return { before: live, after: live };
  return { before: live, after, isRemoved: isReleased(resource, after) };
}

function requireSameIncarnation(request: Request, { live, wanted, replaces = false }: Wish): void {
  const { uid, resourceVersion } = live.metadata;
  const { metadata } = wanted;
  if (replaces && metadata.uid && metadata.uid !== uid) {
    const found = `UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`;
    throw conflict(subjectOf(request), `Precondition failed: ${found}`);
  }
  const { resource, namespace = "", name = "" } = request;
  requireResourceVersion({ resource, namespace, name }, wanted);
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion)
    throw modifiedMeanwhile(subjectOf(request));
}

/** What an update may not change, where the server does not simply keep what it has. */
function requireFixed(request: Request, live: KubernetesObject, { metadata }: KubernetesObject): void {
  const causes = request.subresource === undefined ? fixedCauses(metadata, live.metadata) : [];
  if (causes.length > 0) throw invalid(subjectOf(request), causes);
}

/** The status endpoint changes the status, all others everything but it; what the server owns stays as it is. */
function mergedParts(request: Request, live: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  const managedFields = wanted.metadata.managedFields ?? live.metadata.managedFields;
  if (request.subresource === "status")
    return { ...withStatusOf(live, wanted), metadata: withFields(live.metadata, managedFields) };
  const hasStatus = request.resource.definition.subresources.status;
  const object = hasStatus ? withStatusOf(wanted, live) : wanted;
  return { ...object, metadata: keptMetadata(live.metadata, withFields(wanted.metadata, managedFields)) };
}

function withFields(metadata: ObjectMeta, managedFields: ObjectMeta["managedFields"]): ObjectMeta {
  if (metadata.managedFields === managedFields) return metadata;
  return { ...metadata, ...(managedFields && { managedFields }) };
}

const serverOwned = [
  ...["name", "namespace", "uid", "resourceVersion", "creationTimestamp"],
  ...["deletionTimestamp", "deletionGracePeriodSeconds", "generation"],
] as const;

function keptMetadata(live: ObjectMeta, wanted: ObjectMeta): ObjectMeta {
  const kept = { ...wanted } as Record<string, unknown>;
  for (const field of serverOwned as readonly (keyof ObjectMeta)[])
    if (live[field] !== undefined) kept[field] = live[field];
    else if (kept[field] !== undefined) delete kept[field];
  return kept as ObjectMeta;
}

function withStatusOf(object: KubernetesObject, source: KubernetesObject): KubernetesObject {
  if (object.status === source.status) return object;
  const { status: _, ...rest } = object;
  return (source.status === undefined ? rest : { ...rest, status: source.status }) as KubernetesObject;
}

/** The generation counts changes of what is desired. Parts that are the same are the very same here. */
function counted({ strategy }: ServedResource, live: KubernetesObject, next: KubernetesObject): KubernetesObject {
  if (strategy.withoutGeneration || next === live) return next;
  const names = new Set([...Object.keys(live), ...Object.keys(next)]);
  for (const name of ["metadata", "status", "apiVersion"]) names.delete(name);
  if ([...names].every((name) => live[name] === next[name])) return next;
  return { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 0) + 1 } };
}

function requireNoNewFinalizers(request: Request, live: KubernetesObject, next: KubernetesObject): void {
  if (!live.metadata.deletionTimestamp) return;
  const present = live.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !present.includes(finalizer));
  if (added.length === 0) return;
  const found = `found new finalizers ${JSON.stringify(added)}`;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, ${found}`;
  throw invalid(subjectOf(request), [{ reason: "FieldValueForbidden", message, field: "metadata.finalizers" }]);
}
