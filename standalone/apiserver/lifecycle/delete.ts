// Removing an object: at once, after its grace period, or when its finalizers let go.
import { conflict, forbidden, notFound } from "../errors.ts";
import { keyOf, type Machinery, type ServedResource, subjectOf, type Target } from "../machinery.ts";
import { type KubernetesObject, withMetadata } from "../object.ts";
import type { Transaction } from "../storage/transaction.ts";
import { timestamp } from "../timestamp.ts";
import { isReleased } from "./update.ts";

export type PropagationPolicy = "Background" | "Foreground" | "Orphan";

export interface DeleteOptions {
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: PropagationPolicy | undefined;
  preconditions?: { uid?: string | undefined; resourceVersion?: string | undefined } | undefined;
  dryRun: boolean;
}

export interface Deletion {
  /** The last state of a removed object, or the present one of an object that is still ending. */
  object: KubernetesObject;
  removed: boolean;
}

export const ownerFinalizers = { Foreground: "foregroundDeletion", Orphan: "orphan" } as const;

export const deleteObject = (machinery: Machinery, target: Target, options: DeleteOptions): Promise<Deletion> =>
  machinery.store.write((transaction) => deleteIn(transaction, target, { ...options, now: machinery.now() }), {
    dryRun: options.dryRun,
  });

export function deleteIn(transaction: Transaction, target: Target, options: DeleteOptions & { now: Date }): Deletion {
  const { resource } = target;
  const key = keyOf(target);
  const version = transaction.get(key);
  if (!version) throw notFound(subjectOf(target));
  const live = resource.fromStored(version.object);
  requirePreconditions(target, live, options);
  const refusal = resource.strategy.refuseDelete?.(live);
  if (refusal) throw forbidden(subjectOf(target), refusal);
  const ending = deletionBegun(resource, withOwnerFinalizer(live, options.propagationPolicy), options);
  const stored = resource.toStored(ending);
  if (isReleased(resource, ending))
    return { object: resource.fromStored(transaction.remove(key, stored)), removed: true };
  if (ending === live) return { object: live, removed: false };
  return { object: resource.fromStored(transaction.put(key, stored)), removed: false };
}

function requirePreconditions(
  target: Target,
  { metadata }: KubernetesObject,
  { preconditions }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const failed = (name: string, wanted: string, found: string) =>
    conflict(
      subjectOf(target),
      `Precondition failed: ${name} in precondition: ${wanted}, ${name} in object meta: ${found}`,
    );
  if (uid !== undefined && uid !== metadata.uid) throw failed("UID", uid, metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw failed("ResourceVersion", resourceVersion, metadata.resourceVersion);
}

/** Foreground and Orphan are finalizers that the garbage collector removes; Background drops what was asked before. */
function withOwnerFinalizer(live: KubernetesObject, policy: PropagationPolicy | undefined): KubernetesObject {
  if (!policy) return live;
  const ours: string[] = Object.values(ownerFinalizers);
  const current = live.metadata.finalizers ?? [];
  const wanted = policy === "Background" ? [] : [ownerFinalizers[policy]];
  const finalizers = [...current.filter((finalizer) => !ours.includes(finalizer)), ...wanted];
  const unchanged = finalizers.length === current.length && finalizers.every((one) => current.includes(one));
  return unchanged ? live : withMetadata(live, { finalizers: finalizers.length > 0 ? finalizers : undefined });
}

/** A second request can shorten the grace period, never prolong it. */
function deletionBegun(
  { strategy }: ServedResource,
  live: KubernetesObject,
  { gracePeriodSeconds, now }: DeleteOptions & { now: Date },
): KubernetesObject {
  const { deletionTimestamp, deletionGracePeriodSeconds: current = 0, generation } = live.metadata;
  const grace = Math.max(0, strategy.graceSeconds?.(live, gracePeriodSeconds) ?? 0);
  if (deletionTimestamp && (gracePeriodSeconds === undefined || grace >= current)) return live;
  const begun = deletionTimestamp ? Date.parse(deletionTimestamp) - current * 1000 : now.getTime();
  const prepared = strategy.prepareDelete?.(live) ?? live;
  return withMetadata(prepared, {
    deletionTimestamp: timestamp(new Date(begun + grace * 1000)),
    deletionGracePeriodSeconds: grace,
    ...(generation !== undefined && !deletionTimestamp && { generation: generation + 1 }),
  });
}
