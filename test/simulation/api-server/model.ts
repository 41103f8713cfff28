// What every verb of the model works with.
import type { Catalog } from "../../../standalone/apiserver/machinery.ts";
import type { KubernetesObject, ObjectMeta } from "../../../standalone/apiserver/object.ts";
import type { Fields } from "./fields/index.ts";
import { frozen } from "./received.ts";
import type { Request } from "./request.ts";
import { isDryRun, managerOf } from "./request.ts";
import type { Collection, Store } from "./store.ts";
import type { Write } from "./write.ts";

export interface Model {
  catalog: Catalog;
  store: Store;
  fields: Fields;
  now(): Date;
  /** The next one of them: the same in every run. */
  uid(): string;
  /** Ends a name that was left to the server. */
  suffix(): string;
  onWrite(write: Write): void;
}

/** What a verb decided on. */
export interface Outcome {
  before: KubernetesObject | undefined;
  /** `before` itself when nothing changes. */
  after: KubernetesObject;
  isRemoved?: boolean;
}

/** Stores what was decided, unless it is a dry run, and tells of it. Answers the object as it is then. */
export function written(
  model: Model,
  request: Request & { verb: Write["verb"] },
  { before, after, isRemoved = false }: Outcome,
): KubernetesObject {
  if (isDryRun(request)) return tried(after, before);
  const { store } = model;
  const collection = store.collection(request.resource);
  const stored = after === before && !isRemoved ? before : save(store, collection, { after, isRemoved });
  model.onWrite(writeOf(request, { before, after: isRemoved ? undefined : stored }));
  if (stored !== before) store.publish(collection);
  return stored;
}

/** What is only tried gets no version of its own. */
function tried(after: KubernetesObject, before: KubernetesObject | undefined): KubernetesObject {
  const { resourceVersion: _, ...metadata } = after.metadata;
  const present = before?.metadata.resourceVersion;
  return frozen({ ...after, metadata: { ...metadata, ...(present && { resourceVersion: present }) } as ObjectMeta });
}

const save = (store: Store, collection: Collection, { after, isRemoved }: Pick<Outcome, "after" | "isRemoved">) =>
  isRemoved ? store.remove(collection, after) : store.put(collection, after);

function writeOf(
  request: Request & { verb: Write["verb"] },
  { before, after }: { before: KubernetesObject | undefined; after: KubernetesObject | undefined },
): Write {
  const { user, verb, subresource, resource } = request;
  const { name, namespace } = (after ?? before)?.metadata ?? { name: request.name ?? "" };
  return {
    ...{ user, verb, kind: resource.definition.kind, before, after },
    ...(subresource !== undefined && { subresource }),
    ...(verb !== "delete" && { manager: managerOf(request) }),
    key: namespace === undefined ? { name } : { namespace, name },
  };
}
