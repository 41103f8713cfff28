// The objects and their history under one count of versions. Nothing is copied: what is stored is frozen and shared.
import type { ServedResource } from "../../../standalone/apiserver/machinery.ts";
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";
import type { Change } from "./change.ts";
import { type FieldIndex, fieldIndex } from "./field-index.ts";
import { keyIn } from "./key.ts";
import { frozen } from "./received.ts";
import { type Snapshot, type Sorted, sorted } from "./sorted.ts";
import { type Watchers, watchers } from "./watchers.ts";

export interface Collection {
  readonly resource: ServedResource;
  readonly byKey: Map<string, KubernetesObject>;
  readonly sorted: Sorted;
  readonly byField: FieldIndex;
  readonly watchers: Watchers;
  changes: Change[];
  /** What pages of a list are cut from, by revision and the selection's field. */
  readonly snapshots: Map<string, { revision: number; snapshot: Snapshot }>;
}

export interface Store {
  readonly revision: number;
  /** Changes up to this one are forgotten. */
  readonly compacted: number;
  collection(resource: ServedResource): Collection;
  /** Creates or replaces; answers the object as stored, with its new version. */
  put(collection: Collection, object: KubernetesObject): KubernetesObject;
  /** Answers its last state, with the version of its removal. */
  remove(collection: Collection, lastState: KubernetesObject): KubernetesObject;
  /** Tells the watchers of a change. */
  publish(collection: Collection): void;
  compact(upTo: number): void;
}

const collectionOf = (resource: ServedResource): Collection => ({
  resource,
  byKey: new Map(),
  sorted: sorted(),
  byField: fieldIndex(resource.definition.selectableFields),
  watchers: watchers(),
  changes: [],
  snapshots: new Map(),
});

export function createStore(history: number): Store {
  const collections = new Map<string, Collection>();
  let [revision, compacted] = [0, 0];
  const append = (collection: Collection, change: Pick<Change, "type" | "before">, object: KubernetesObject) => {
    revision += 1;
    const stored = frozen({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });
    collection.changes.push({ ...change, revision, after: stored, told: {} });
    collection.byField.change(change.before, change.type === "DELETED" ? undefined : stored);
    // In steps, so that most writes have nothing to forget.
    if (revision - compacted > history * 1.25) compact(revision - history);
    return stored;
  };
  const compact = (upTo: number): void => {
    compacted = Math.max(compacted, upTo);
    for (const collection of collections.values()) forget(collection, compacted);
  };
  return {
    get revision() {
      return revision;
    },
    get compacted() {
      return compacted;
    },
    collection: (resource) => {
      const found = collections.get(resource.storedAs) ?? collectionOf(resource);
      collections.set(resource.storedAs, found);
      return found;
    },
    put: (collection, object) => {
      const key = keyIn(object.metadata.namespace, object.metadata.name);
      const before = collection.byKey.get(key);
      const stored = append(collection, { type: before ? "MODIFIED" : "ADDED", before }, object);
      collection.byKey.set(key, stored);
      collection.sorted.put(key, stored);
      return stored;
    },
    remove: (collection, lastState) => {
      const key = keyIn(lastState.metadata.namespace, lastState.metadata.name);
      const stored = append(collection, { type: "DELETED", before: collection.byKey.get(key) }, lastState);
      collection.byKey.delete(key);
      collection.sorted.delete(key);
      return stored;
    },
    publish: ({ changes, watchers: told }) => {
      const change = changes.at(-1);
      if (change) told.publish(change);
    },
    compact,
  };
}

function forget(collection: Collection, compacted: number): void {
  collection.changes.splice(0, firstAfter(collection.changes, compacted));
  for (const [name, { revision }] of collection.snapshots)
    if (revision < compacted) collection.snapshots.delete(name);
}

/** Index of the first change behind a revision. */
export function firstAfter(changes: readonly Change[], revision: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as Change).revision <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
