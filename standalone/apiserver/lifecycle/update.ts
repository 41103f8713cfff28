// Changing an object that exists.
import { isDeepStrictEqual } from "node:util";
import { conflict, invalid, modifiedMeanwhile, notFound } from "../errors.ts";
import { keyOf, type Machinery, type ServedResource, subjectOf, type Target } from "../machinery.ts";
import { type KubernetesObject, withMetadata } from "../object.ts";
import type { Transaction } from "../storage/transaction.ts";
import { normalized, validated } from "./admission.ts";
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

function replacement(machinery: Machinery, live: KubernetesObject, { target, change, options }: Update) {
  const { resource } = target;
  const { object, tracked = false } = change(live);
  requireSameIncarnation(target, live, object);
  const wanted = mergedParts(resource, { live, wanted: normalized(resource, object, options), options });
  const prepared = resource.strategy.prepareUpdate?.(wanted, live) ?? wanted;
  const counted = withMetadata(prepared, { generation: generationOf(resource, live, prepared) });
  validated(resource, counted, live);
  requireNoNewFinalizers(target, live, counted);
  return tracked ? counted : trackManager(resource, { before: live, after: counted, options, now: machinery.now() });
}

function requireSameIncarnation(target: Target, live: KubernetesObject, { metadata }: KubernetesObject): void {
  const { uid, resourceVersion } = live.metadata;
  if (metadata.uid && metadata.uid !== uid) {
    const found = `UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`;
    throw conflict(subjectOf(target), `Precondition failed: ${found}`);
  }
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion)
    throw modifiedMeanwhile(subjectOf(target));
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
  const { name, namespace, generateName, uid, resourceVersion, creationTimestamp } = live.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = live.metadata;
  return withMetadata(object, {
    ...{ name, namespace, generateName, uid, resourceVersion, creationTimestamp },
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

/** PUT of an object that changes over time needs to say which version it was made from. */
export function requireResourceVersion(target: Target, { metadata }: KubernetesObject): void {
  if (metadata.resourceVersion || target.resource.strategy.allowsUnconditionalUpdate) return;
  const message = "Invalid value: 0: must be specified for an update";
  throw invalid(subjectOf(target), [{ reason: "FieldValueInvalid", message, field: "metadata.resourceVersion" }]);
}
