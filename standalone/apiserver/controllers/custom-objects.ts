// A CustomResourceDefinition that is being deleted takes its objects with it.
import { cleanupFinalizer } from "../builtin/custom-resource-definitions.ts";
import { deleteIn } from "../lifecycle/delete.ts";
import type { Machinery, Target } from "../machinery.ts";
import { keyOf } from "../machinery.ts";
import { definitionsStored } from "./custom-resources.ts";
import { releaseFinalizer } from "./garbage-collection.ts";

/** `name` is the definition's, which is also what its objects are stored under. May be repeated. */
export async function removeCustomObjects(machinery: Machinery, name: string): Promise<void> {
  const { store, catalog } = machinery;
  const key = { resource: definitionsStored, namespace: "", name };
  const definition = store.read.get(key)?.object;
  if (!definition?.metadata.deletionTimestamp) return;
  const resource = catalog.findStored(name);
  const targets = store.read
    .list({ resource: name })
    .flatMap(({ position }) => (resource ? [{ resource, ...position }] : []));
  await Promise.all(targets.map((target) => deleteObject(machinery, target)));
  if (store.read.list({ resource: name }, { limit: 1 }).length > 0) return;
  const { uid } = definition.metadata;
  await store.write((transaction) =>
    releaseFinalizer(transaction, machinery, { key, uid, finalizer: cleanupFinalizer }),
  );
}

const deleteObject = (machinery: Machinery, target: Target): Promise<void> =>
  machinery.store.write((transaction) => {
    const object = transaction.get(keyOf(target))?.object;
    if (object && !object.metadata.deletionTimestamp)
      deleteIn(transaction, target, { dryRun: false, now: machinery.now() });
  });
