// Changing an object that exists.
import { isDeepStrictEqual } from "node:util";
import { conflict, invalid, modifiedMeanwhile, notFound } from "../errors.ts";
import { keyOf, type Machinery, type ServedResource, subjectOf, type Target } from "../machinery.ts";
import { fixedCauses } from "../metadata.ts";
import { type KubernetesObject, withMetadata } from "../object.ts";
import type { Transaction } from "../storage/transaction.ts";
import { normalized, requireReadable, validated } from "./admission.ts";
import { isSameContent, trackManager } from "./managed-fields.ts";
import type { WriteOptions } from "./write-options.ts";

/** `tracked`: the wanted object's managedFields are already right, as after a server-side apply. */
export interface Wanted {
  object: KubernetesObject;
  tracked?: boolean;
}

export interface Update {
  target: Target;
  /** From the live object to the wanted one; runs inside the transaction. */
  change(live: KubernetesObject): Wanted;
  /** The whole object was sent: a uid in it says which one is meant. */
  replaces?: boolean;
  options: WriteOptions;
}

export const updateObject = (machinery: Machinery, update: Update): Promise<KubernetesObject> =>
  machinery.store.write((transaction) => updateIn(transaction, machinery, update), {
    dryRun: update.options.dryRun,
  });

export function updateIn(transaction: Transaction, machinery: Machinery, update: Update): KubernetesObject {
  const { target } = update;
  const version = transaction.get(keyOf(target));
  if (!version) throw notFound(subjectOf(target));
  const { resource } = target;
  const live = resource.fromStored(version.object);
  const next = replacement(machinery, live, update);
  if (isSameContent(live, next)) return live;
  const stored = resource.toStored(next);
  const key = keyOf(target);
  const saved = isReleased(resource, next) ? transaction.remove(key, stored) : transaction.put(key, stored);
  return resource.fromStored(saved);
}

function replacement(machinery: Machinery, live: KubernetesObject, update: Update) {
  const { target, change, options } = update;
  const { resource } = target;
  const { object, tracked = false } = change(live);
  const known = normalized(resource, object, options);
  requireReadable(resource, known);
  requireSameIncarnation(update, live, known);
  const wanted = mergedParts(resource, { live, wanted: known, options });
  const prepared = resource.strategy.prepareUpdate?.(wanted, live) ?? wanted;
  const counted = withMetadata(prepared, { generation: generationOf(resource, live, prepared) });
  const fixed = options.subresource === "" ? fixedCauses(known.metadata, live.metadata) : [];
  validated(resource, counted, { live, fixed });
  requireNoNewFinalizers(target, live, counted);
  return tracked ? counted : trackManager(resource, { before: live, after: counted, options, now: machinery.now() });
}

function requireSameIncarnation(
  { target, replaces = false }: Update,
  live: KubernetesObject,
  wanted: KubernetesObject,
): void {
  const { metadata } = wanted;
  const { uid, resourceVersion } = live.metadata;
  if (replaces && metadata.uid && metadata.uid !== uid) {
    const found = `UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`;
    throw conflict(subjectOf(target), `Precondition failed: ${found}`);
  }
  requireResourceVersion(target, wanted);
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion)
    throw modifiedMeanwhile(subjectOf(target));
}

/** An object that changes over time is replaced by who says which version that was made from. */
export function requireResourceVersion({ resource, name }: Target, { metadata }: KubernetesObject): void {
  if (metadata.resourceVersion || resource.strategy.allowsUnconditionalUpdate) return;
  const message = "Invalid value: 0: must be specified for an update";
  const { group, plural } = resource.definition;
  // The plural where all others have the kind: so does upstream.
  const cause = { reason: "FieldValueInvalid", message, field: "metadata.resourceVersion" };
  throw invalid({ group, kind: plural, name }, [cause]);
}

/** What the server owns stays as it is; the status endpoint changes the status, all others everything but it. */
function mergedParts(
  { definition }: ServedResource,
  { live, wanted, options }: { live: KubernetesObject; wanted: KubernetesObject; options: WriteOptions },
): KubernetesObject {
  const { managedFields } = wanted.metadata;
  if (options.subresource === "status")
    return withMetadata(withStatusOf(live, wanted), { managedFields: managedFields ?? live.metadata.managedFields });
  const object = definition.subresources.status ? withStatusOf(wanted, live) : wanted;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = live.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = live.metadata;
  return withMetadata(object, {
    ...{ name, namespace, uid, resourceVersion, creationTimestamp },
    ...{ deletionTimestamp, deletionGracePeriodSeconds, generation },
    managedFields: managedFields ?? live.metadata.managedFields,
  });
}

function withStatusOf(object: KubernetesObject, source: KubernetesObject): KubernetesObject {
  const { status: _, ...rest } = object;
  const merged = source.status === undefined ? rest : { ...rest, status: source.status };
  return merged as KubernetesObject;
}

function generationOf({ strategy }: ServedResource, live: KubernetesObject, next: KubernetesObject) {
  const { generation } = live.metadata;
  if (strategy.withoutGeneration) return generation;
  return isDeepStrictEqual(desired(live), desired(next)) ? generation : (generation ?? 0) + 1;
}

function desired(object: KubernetesObject): Record<string, unknown> {
  const { metadata: _, status: __, apiVersion: ___, ...rest } = object;
  return rest;
}

function requireNoNewFinalizers(target: Target, live: KubernetesObject, next: KubernetesObject): void {
  if (!live.metadata.deletionTimestamp) return;
  const present = live.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !present.includes(finalizer));
  if (added.length === 0) return;
  const found = `found new finalizers ${JSON.stringify(added)}`;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, ${found}`;
  throw invalid(subjectOf(target), [{ reason: "FieldValueForbidden", message, field: "metadata.finalizers" }]);
}

/** Whether nothing keeps a deleted object any more. */
export function isReleased({ strategy }: ServedResource, { metadata, ...rest }: KubernetesObject): boolean {
  if (!metadata.deletionTimestamp || (metadata.finalizers ?? []).length > 0) return false;
  if (strategy.holdsDeletion?.({ metadata, ...rest } as KubernetesObject)) return false;
  return (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}
