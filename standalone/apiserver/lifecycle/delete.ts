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
  /** The older form of the policy: Orphan, or neither Orphan nor Foreground. */
  orphanDependents?: boolean | undefined;
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
  const ending = deletionBegun(
    resource,
    withOwnerFinalizer(live, resource.strategy.ownsNothing ? undefined : policyOf(options)),
    options,
  );
  const stored = resource.toStored(ending);
  if (isReleased(resource, ending)) {
    // What is not given time to end is gone as it was.
    const last = resource.strategy.graceSeconds || live.metadata.deletionTimestamp ? stored : version.object;
    return { object: resource.fromStored(transaction.remove(key, last)), removed: true };
  }
  if (ending === live) return { object: live, removed: false };
  return { object: resource.fromStored(transaction.put(key, stored)), removed: false };
}

function requirePreconditions(
  target: Target,
  { metadata }: KubernetesObject,
  { preconditions }: DeleteOptions,
): void {
  const subject = subjectOf(target);
  const { definition, strategy } = target.resource;
  for (const { field, name, since } of preconditionFields) {
    const wanted = preconditions?.[field];
    if (wanted === undefined || wanted === metadata[field]) continue;
    // The kind where all others have the plural: so does upstream.
    throw conflict(
      strategy.withoutGrace ? subject : { ...subject, plural: definition.kind },
      `the ${name} in the precondition (${wanted}) does not match the ${name} in record (${metadata[field]}). ${since}`,
    );
  }
}

const preconditionFields = [
  { field: "uid", name: "UID", since: "The object might have been deleted and then recreated" },
  { field: "resourceVersion", name: "ResourceVersion", since: "The object might have been modified" },
] as const;

function policyOf({ propagationPolicy, orphanDependents }: DeleteOptions): PropagationPolicy | undefined {
  if (orphanDependents === undefined) return propagationPolicy;
  return orphanDependents ? "Orphan" : "Background";
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
    deletionGracePeriodSeconds: strategy.withoutGrace ? undefined : grace,
    ...(generation !== undefined && !deletionTimestamp && { generation: generation + 1 }),
  });
}
