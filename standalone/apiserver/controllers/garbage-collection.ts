// Owner references: what becomes of dependents when an owner is deleted, in background, in foreground or not at all.
// Everything is decided from what is stored, so a crash between two steps only delays the rest.
import { deleteIn, ownerFinalizers, type PropagationPolicy } from "../lifecycle/delete.ts";
import { isReleased } from "../lifecycle/update.ts";
import type { Machinery, Target } from "../machinery.ts";
import { type KubernetesObject, type OwnerReference, withMetadata } from "../object.ts";
import type { Reads } from "../storage/reads.ts";
import type { Transaction } from "../storage/transaction.ts";
import type { ObjectKey } from "../storage/version.ts";

/** May be repeated. Does nothing for owners that are there and not being deleted. */
export async function collectGarbage(machinery: Machinery, ownerUid: string): Promise<void> {
  const { read } = machinery.store;
  const key = read.findByUid(ownerUid);
  if (!key) return attendAll(machinery, ownerUid);
  const owner = read.get(key)?.object;
  if (!owner || !isEnding(owner)) return;
  if (has(owner, ownerFinalizers.Orphan)) {
    await Promise.all(read.dependents(ownerUid).map((dependent) => disown(machinery, dependent, ownerUid)));
    await removeFinalizer(machinery, key, { uid: ownerUid, finalizer: ownerFinalizers.Orphan });
  } else if (has(owner, ownerFinalizers.Foreground)) {
    await attendAll(machinery, ownerUid);
    if (blockers(machinery, ownerUid).length === 0)
      await removeFinalizer(machinery, key, { uid: ownerUid, finalizer: ownerFinalizers.Foreground });
  }
}

const isEnding = ({ metadata }: KubernetesObject): boolean => metadata.deletionTimestamp !== undefined;

const has = ({ metadata }: KubernetesObject, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) ?? false;

const isWaiting = (owner: KubernetesObject): boolean => isEnding(owner) && has(owner, ownerFinalizers.Foreground);

const blockers = ({ store: { read } }: Machinery, ownerUid: string): ObjectKey[] =>
  read.dependents(ownerUid).filter((key) => {
    const references = read.get(key)?.object.metadata.ownerReferences ?? [];
    return references.some(({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion);
  });

async function attendAll(machinery: Machinery, ownerUid: string): Promise<void> {
  await Promise.all(machinery.store.read.dependents(ownerUid).map((key) => attend(machinery, key)));
}

interface Owners {
  /** They are there and mean to stay. */
  solid: OwnerReference[];
  /** They are being deleted and wait for their dependents. */
  waiting: OwnerReference[];
}

function ownersOf({ store: { read } }: Machinery, { metadata }: KubernetesObject): Owners {
  const owners: Owners = { solid: [], waiting: [] };
  for (const reference of metadata.ownerReferences ?? []) {
    const owner = findOwner(read, reference, metadata.namespace ?? "");
    if (owner) (isWaiting(owner) ? owners.waiting : owners.solid).push(reference);
  }
  return owners;
}

/** An owner in another namespace counts as absent: names do not reach across namespaces. */
function findOwner(read: Reads, { uid }: OwnerReference, namespace: string): KubernetesObject | undefined {
  const key = read.findByUid(uid);
  return key && ["", namespace].includes(key.namespace) ? read.get(key)?.object : undefined;
}

/** Deletes an object without an owner that means to stay, or takes the others off it. */
const attend = (machinery: Machinery, key: ObjectKey): Promise<void> =>
  machinery.store.write((transaction) => {
    const object = transaction.get(key)?.object;
    const resource = machinery.catalog.findStored(key.resource);
    if (!object || !resource || isEnding(object) || !object.metadata.ownerReferences?.length) return;
    const { solid, waiting } = ownersOf(machinery, object);
    if (solid.length === object.metadata.ownerReferences.length) return;
    if (solid.length > 0) {
      transaction.put(key, withMetadata(object, { ownerReferences: solid }));
      return;
    }
    const propagationPolicy = policyFor(machinery, object, waiting.length > 0);
    const target: Target = { resource, namespace: key.namespace, name: key.name };
    const preconditions = { uid: object.metadata.uid };
    deleteIn(transaction, target, { dryRun: false, propagationPolicy, preconditions, now: machinery.now() });
  });

function policyFor({ store }: Machinery, object: KubernetesObject, isOwnerWaiting: boolean): PropagationPolicy {
  if (has(object, ownerFinalizers.Orphan)) return "Orphan";
  if (has(object, ownerFinalizers.Foreground)) return "Foreground";
  return isOwnerWaiting && store.read.dependents(object.metadata.uid).length > 0 ? "Foreground" : "Background";
}

const disown = (machinery: Machinery, key: ObjectKey, ownerUid: string): Promise<void> =>
  machinery.store.write((transaction) => {
    const object = transaction.get(key)?.object;
    if (!object) return;
    const left = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== ownerUid);
    transaction.put(key, withMetadata(object, { ownerReferences: left.length > 0 ? left : undefined }));
  });

const removeFinalizer = (machinery: Machinery, key: ObjectKey, held: { uid: string; finalizer: string }) =>
  machinery.store.write((transaction) => releaseFinalizer(transaction, machinery, { key, ...held }));

/** Removes the object too when nothing else keeps it. */
export function releaseFinalizer(
  transaction: Transaction,
  { catalog }: Machinery,
  { key, uid, finalizer }: { key: ObjectKey; uid: string; finalizer: string },
): void {
  const object = transaction.get(key)?.object;
  const resource = catalog.findStored(key.resource);
  if (!object || !resource || object.metadata.uid !== uid || !has(object, finalizer)) return;
  const left = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const next = withMetadata(object, { finalizers: left.length > 0 ? left : undefined });
  if (isReleased(resource, next)) transaction.remove(key, next);
  else transaction.put(key, next);
}
