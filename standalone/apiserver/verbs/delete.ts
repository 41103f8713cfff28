// DELETE of one object, or of all that a selection holds.
import { successStatus } from "../errors.ts";
import { json, type Reply } from "../http/call.ts";
import { deleteOptionsOf } from "../http/delete-options.ts";
import { listOptionsOf } from "../http/list-options.ts";
import { presentationFor } from "../http/presentation.ts";
import { targetOf } from "../http/resource-call.ts";
import { type DeleteOptions, deleteIn, deleteObject } from "../lifecycle/delete.ts";
import { keyOf, type Machinery, type ResourceCall, type Target } from "../machinery.ts";
import { selectionOf, selectorsOf } from "../selectors/selection.ts";
import { encodeToken } from "./list.ts";
import { written } from "./written.ts";

export async function remove(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const options = await deleteOptionsOf(call);
  const { object, removed } = await deleteObject(machinery, targetOf(call), options);
  // As upstream: who asked for it in the older words is told that it goes on.
  if (!removed) return written(call, object, options.orphanDependents === false ? 202 : 200);
  if (call.resource.strategy.returnsDeleted) return written(call, object);
  const { group, plural } = call.resource.definition;
  const { name, uid } = object.metadata;
  return json(successStatus({ name, ...(group && { group }), kind: plural, uid }));
}

/** Each object is a write of its own; all that fit into one commit share it. */
export async function removeCollection(machinery: Machinery, call: ResourceCall): Promise<Reply> {
  const { resource } = call;
  const options = await deleteOptionsOf(call);
  const presentation = presentationFor(resource, call.headers.accept, call.query);
  const { limit } = listOptionsOf(call.query);
  const selection = selectionOf(resource, call.namespace, selectorsOf(call.query));
  const all = machinery.store.read
    .list({ resource: resource.storedAs, namespace: selection.namespace })
    .filter(({ version }) => selection.matches?.(version.object) ?? true);
  const found = limit > 0 ? all.slice(0, limit) : all;
  const last = found.length < all.length ? found.at(-1)?.position : undefined;
  // Of the list, as upstream: what was deleted is still in it.
  const { revision } = machinery.store;
  await Promise.all(found.map(({ position }) => removeIfPresent(machinery, { resource, ...position }, options)));
  const metadata = {
    resourceVersion: String(revision),
    ...(last && { continue: encodeToken({ ...last, revision }) }),
    ...(last && !selection.matches && { remainingItemCount: all.length - found.length }),
  };
  return {
    code: 200,
    text: presentation.list(
      found.map(({ version }) => version),
      metadata,
    ),
  };
}

const removeIfPresent = (machinery: Machinery, target: Target, options: DeleteOptions): Promise<void> =>
  machinery.store.write(
    (transaction) => {
      const now = machinery.now();
      if (transaction.get(keyOf(target))) deleteIn(transaction, target, { ...options, now });
    },
    { dryRun: options.dryRun },
  );
