// Lists, whole or in pages; all pages of one list show the objects as they were at its first page.
import { badRequest, expired } from "../../../standalone/apiserver/errors.ts";
import { type ListOptions, listOptionsOf } from "../../../standalone/apiserver/http/list-options.ts";
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";
import { versionOf } from "../../../standalone/apiserver/verbs/list.ts";
import type { Change } from "./change.ts";
import { keyIn } from "./key.ts";
import type { Model } from "./model.ts";
import { parametersOf, type Request } from "./request.ts";
import { type Selection, selectionFor } from "./selection.ts";
import { countBehind, type Snapshot, scan, sorted } from "./sorted.ts";
import type { Collection } from "./store.ts";

interface Page {
  items: KubernetesObject[];
  /** Key of the last object shown, when there are more behind it. */
  last: string | undefined;
}

export function list(model: Model, request: Request): object {
  const { resource, namespace } = request;
  const query = parametersOf(request.query);
  const options = listOptionsOf(query);
  const collection = model.store.collection(resource);
  const selection = selectionFor(resource, namespace, query);
  const place = placeOf(options, selection);
  const source = sourceOf(collection, selection);
  const revision = place.at ?? model.store.revision;
  const snapshot = place.at === undefined ? source.sorted.now : snapshotAt(model, collection, { source, revision });
  const { items, last } = pageOf(snapshot, selection, { limit: options.limit, after: place.after });
  if (last !== undefined && place.at === undefined) keepSnapshot(collection, source, revision);
  const metadata = {
    resourceVersion: String(revision),
    ...(last !== undefined && { continue: `${revision} ${last}`, ...remaining(snapshot, selection, last) }),
  };
  return Object.freeze({
    ...{ kind: resource.definition.listKind, apiVersion: resource.apiVersion },
    ...{ metadata: Object.freeze(metadata), items: Object.freeze(items) },
  });
}

interface Place {
  /** Key of the last object of the page before. */
  after: string | undefined;
  /** Absent: the objects as they are now. */
  at: number | undefined;
}

function placeOf({ continueToken, resourceVersion, match, limit }: ListOptions, { by }: Selection): Place {
  const token = tokenOf(continueToken);
  if (token && resourceVersion && resourceVersion !== "0")
    throw badRequest("specifying resource version is not allowed when using continue");
  if (token) return token;
  const wanted = versionOf(resourceVersion);
  // The first page of a version that is named is a page of exactly that version.
  const isExact = match === "Exact" || (match === "" && by?.path !== ".metadata.name" && limit > 0 && wanted > 0);
  return { after: undefined, at: isExact ? wanted : undefined };
}

interface Source {
  /** Tells its snapshots from those of other sources. */
  name: string;
  sorted: { now: Snapshot; snapshot(): Snapshot };
}

/** The shortest of the sorted lists that have all that is selected. */
function sourceOf(collection: Collection, { by, namespace, matches }: Selection): Source {
  const { byField, resource, byKey } = collection;
  if (!by || !matches) return { name: "", sorted: collection.sorted };
  const name = `${by.path}=${by.value}`;
  const isOne = by.path === ".metadata.name" && (namespace !== undefined || !resource.definition.namespaced);
  if (isOne) return { name, sorted: only(byKey.get(keyIn(namespace, by.value))) };
  if (!resource.definition.selectableFields.includes(by.path)) return { name: "", sorted: collection.sorted };
  if (!byField.has(by.path)) byField.add(by.path, byKey.values());
  return { name, sorted: byField.find(by.path, by.value) ?? sorted() };
}

function only(object: KubernetesObject | undefined): Source["sorted"] {
  const one = sorted();
  if (object) one.put(keyIn(object.metadata.namespace, object.metadata.name), object);
  return one;
}

function pageOf(
  snapshot: Snapshot,
  { namespace, matches }: Selection,
  { limit, after }: { limit: number; after: string | undefined },
): Page {
  const items: KubernetesObject[] = [];
  let [last, isMore] = [undefined as string | undefined, false];
  scan(snapshot, { prefix: prefixOf(namespace), after }, (object, key) => {
    if (matches && !matches(object)) return true;
    isMore = limit > 0 && items.length === limit;
    if (isMore) return false;
    items.push(object);
    last = key;
    return true;
  });
  return { items, last: isMore ? last : undefined };
}

/** Known only where nothing is passed over. */
const remaining = (snapshot: Snapshot, { matches, namespace }: Selection, last: string) =>
  matches ? {} : { remainingItemCount: countBehind(snapshot, { prefix: prefixOf(namespace), after: last }) };

const prefixOf = (namespace: string | undefined): string => (namespace === undefined ? "" : `${namespace}/`);

/** Nobody looks into it; this one is readable in a trace. */
function tokenOf(text: string): { at: number; after: string } | undefined {
  if (!text) return undefined;
  const [, revision, after] = /^(\d+) (.+)$/.exec(text) ?? [];
  if (revision === undefined || after === undefined) throw badRequest("continue key is not valid");
  return { at: Number(revision), after };
}

const snapshotName = (source: Source, revision: number): string => `${revision} ${source.name}`;

/** Others are made from the history when their next page is asked for. */
const keptSnapshots = 64;

function keepSnapshot({ snapshots }: Collection, source: Source, revision: number): void {
  const name = snapshotName(source, revision);
  if (snapshots.has(name)) return;
  snapshots.set(name, { revision, snapshot: source.sorted.snapshot() });
  const [oldest] = snapshots.keys();
  if (snapshots.size > keptSnapshots && oldest !== undefined) snapshots.delete(oldest);
}

/** Kept from the first page, or made from the history. */
function snapshotAt(
  { store }: Model,
  collection: Collection,
  { source, revision }: { source: Source; revision: number },
): Snapshot {
  if (revision < store.compacted)
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. " +
        "You must start a new list without the continue parameter.",
    );
  const found = collection.snapshots.get(snapshotName(source, revision));
  return found?.snapshot ?? pastOf(collection, revision);
}

function pastOf({ byKey, changes }: Collection, revision: number): Snapshot {
  const past = new Map(byKey);
  for (let at = changes.length - 1; (changes[at]?.revision ?? 0) > revision; at -= 1) {
    const { before, after } = changes[at] as Change;
    const key = keyIn(after.metadata.namespace, after.metadata.name);
    if (before) past.set(key, before);
    else past.delete(key);
  }
  const objects = sorted();
  for (const [key, object] of past) objects.put(key, object);
  return objects.now;
}
