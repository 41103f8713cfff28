// Namespaces: the ones that are always there, and the emptying of those that are being deleted.

import { setFinalizers } from "../builtin/namespace-finalize.ts";
import { alwaysThere } from "../builtin/namespaces.ts";
import { createObject } from "../lifecycle/create.ts";
import { deleteIn } from "../lifecycle/delete.ts";
import { ownWrite } from "../lifecycle/write-options.ts";
import { keyOf, type Machinery, type ServedResource, type Target } from "../machinery.ts";
import type { KubernetesObject } from "../object.ts";

const resourceOf = ({ catalog }: Machinery): ServedResource => {
  const resource = catalog.find("", "v1", "namespaces");
  if (!resource) throw new Error("namespaces are not served");
  return resource;
};

export async function ensureNamespaces(machinery: Machinery): Promise<void> {
  const resource = resourceOf(machinery);
  const missing = alwaysThere.filter(
    (name) => !machinery.store.read.get({ resource: "namespaces", namespace: "", name }),
  );
  await Promise.all(
    missing.map((name) => {
      const object = { apiVersion: "v1", kind: "Namespace", metadata: { name } } as KubernetesObject;
      return createObject(machinery, { resource, namespace: "", object, options: ownWrite("knvirt-apiserver") });
    }),
  );
}

/** Deletes what is in a namespace that is being deleted, and lets it go when nothing is left. May be repeated. */
export async function emptyNamespace(machinery: Machinery, name: string): Promise<void> {
  const { store, catalog } = machinery;
  const target: Target = { resource: resourceOf(machinery), namespace: "", name };
  if (!store.read.get(keyOf(target))?.object.metadata.deletionTimestamp) return;
  const stored = new Set(
    catalog
      .all()
      .filter(({ definition }) => definition.namespaced)
      .map(({ storedAs }) => storedAs),
  );
  const content = [...stored].flatMap((storedAs) => contentOf(machinery, storedAs, name));
  await Promise.all(content.map((object) => deleteContent(machinery, object)));
  const isEmpty = [...stored].every(
    (resource) => store.read.list({ resource, namespace: name }, { limit: 1 }).length === 0,
  );
  if (isEmpty) await setFinalizers(machinery, target, []);
}

function contentOf({ store, catalog }: Machinery, storedAs: string, namespace: string): Target[] {
  const resource = catalog.findStored(storedAs);
  if (!resource) return [];
  return store.read.list({ resource: storedAs, namespace }).map(({ position }) => ({ resource, ...position }));
}

const deleteContent = (machinery: Machinery, target: Target): Promise<void> =>
  machinery.store.write((transaction) => {
    const version = transaction.get(keyOf(target));
    // What is ending already ends in its own time.
    if (!version || version.object.metadata.deletionTimestamp) return;
    deleteIn(transaction, target, { dryRun: false, propagationPolicy: "Background", now: machinery.now() });
  });
