// Making a new object.
import { randomInt, randomUUID } from "node:crypto";
import { ApiError, alreadyExists, badRequest, forbidden, notFound, type StatusCause } from "../errors.ts";
import { keyOf, type Machinery, type ServedResource, subjectOf, type Target } from "../machinery.ts";
import type { KubernetesObject, ObjectMeta } from "../object.ts";
import type { Transaction } from "../storage/transaction.ts";
import { timestamp } from "../timestamp.ts";
import { normalized, validated } from "./admission.ts";
import { trackManager } from "./managed-fields.ts";
import type { WriteOptions } from "./write-options.ts";

export interface Creation {
  resource: ServedResource;
  namespace: string;
  object: KubernetesObject;
  options: WriteOptions;
}

export const createObject = (machinery: Machinery, creation: Creation): Promise<KubernetesObject> =>
  machinery.store.write((transaction) => createIn(transaction, machinery, creation), {
    dryRun: creation.options.dryRun,
  });

/** `object.metadata.managedFields` is kept when `tracked`: server-side apply has already worked it out. */
export function createIn(
  transaction: Transaction,
  machinery: Machinery,
  { resource, namespace, object, options, tracked = false }: Creation & { tracked?: boolean },
): KubernetesObject {
  requireNamespace(transaction, { resource, namespace, name: object.metadata.name ?? object.metadata.generateName });
  const now = machinery.now();
  const completed = complete({ resource, namespace, object, options }, now);
  const managed = tracked ? completed : trackManager(resource, { before: undefined, after: completed, options, now });
  const fresh = validated(resource, resource.strategy.prepareCreate?.(managed, now) ?? managed, { live: undefined });
  const target: Target = { resource, namespace, name: fresh.metadata.name };
  if (transaction.get(keyOf(target))) throw alreadyExists(subjectOf(target), object.metadata.generateName);
  return resource.fromStored(transaction.put(keyOf(target), resource.toStored(fresh)));
}

/** As the client would have written it without leaving out what has a default. */
function complete({ resource, namespace, object, options }: Creation, now: Date): KubernetesObject {
  const { definition, strategy } = resource;
  const known = normalized(resource, object, options);
  const named: KubernetesObject = {
    ...known,
    metadata: freshMetadata({ resource, namespace, object: known, options }, now),
  };
  const { status, ...withoutStatus } = named;
  const dropsStatus = definition.subresources.status && !strategy.keepsStatusOnCreate && status !== undefined;
  const wanted = dropsStatus ? (withoutStatus as KubernetesObject) : named;
  return strategy.complete?.(wanted) ?? wanted;
}

function freshMetadata({ resource, namespace, object }: Creation, now: Date): ObjectMeta {
  const { metadata } = object;
  if (metadata.resourceVersion) throw badRequest("resourceVersion should not be set on objects to be created");
  const { resourceVersion: _, deletionTimestamp: __, deletionGracePeriodSeconds: ___, ...given } = metadata;
  return {
    ...given,
    name: metadata.name || generatedName(resource, metadata.generateName),
    ...(namespace && { namespace }),
    uid: randomUUID(),
    resourceVersion: "",
    creationTimestamp: timestamp(now),
    ...(!resource.strategy.withoutGeneration && { generation: 1 }),
  };
}

// Without vowels and look-alikes, as Kubernetes does, so that no words appear.
const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";

function generatedName({ definition }: ServedResource, prefix: string | undefined): string {
  if (!prefix) {
    const cause: StatusCause = {
      reason: "FieldValueRequired",
      message: "Required value: name or generateName is required",
      field: "metadata.name",
    };
    throw new ApiError("Invalid", `${definition.kind} "" is invalid: metadata.name: ${cause.message}`, {
      kind: definition.kind,
      ...(definition.group && { group: definition.group }),
      causes: [cause],
    });
  }
  const suffix = Array.from({ length: 5 }, () => suffixLetters[randomInt(suffixLetters.length)]).join("");
  return prefix.slice(0, 58) + suffix;
}

function requireNamespace(
  transaction: Transaction,
  { resource, namespace, name }: { resource: ServedResource; namespace: string; name: string | undefined },
): void {
  if (!resource.definition.namespaced) return;
  const found = transaction.get({ resource: "namespaces", namespace: "", name: namespace });
  if (!found) throw notFound({ group: "", plural: "namespaces", name: namespace });
  if (!found.object.metadata.deletionTimestamp) return;
  const { group, plural } = resource.definition;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden({ group, plural, name: name ?? "" }, why);
}
