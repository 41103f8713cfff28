// Watches: first what happened since the given resourceVersion, then what happens.
import { expired } from "../../../standalone/apiserver/errors.ts";
import { listOptionsOf } from "../../../standalone/apiserver/http/list-options.ts";
import { versionOf } from "../../../standalone/apiserver/verbs/list.ts";
import type { WatchEvent } from "./change.ts";
import type { Model } from "./model.ts";
import { isFlagSet, parametersOf, type Request } from "./request.ts";
import { type Selection, selectionFor } from "./selection.ts";
import { scan } from "./sorted.ts";
import { type Collection, firstAfter } from "./store.ts";
import { eventOf } from "./watchers.ts";

export interface Watch {
  close(): void;
  /** Tells how far the watcher has come, if it asked for that. */
  bookmark(): void;
}

type Send = (event: WatchEvent) => void;

export function watch(model: Model, request: Request, send: Send): Watch {
  const { resource, namespace, query } = request;
  const parameters = parametersOf({ ...query, watch: true });
  const { resourceVersion, sendInitialEvents } = listOptionsOf(parameters);
  const collection = model.store.collection(resource);
  const selection = selectionFor(resource, namespace, parameters);
  const bookmark = bookmarks(model, request, send);
  const since = versionOf(resourceVersion);
  if (sendInitialEvents || (since === 0 && sendInitialEvents === undefined)) {
    sendPresent(collection, selection, send);
    // As upstream: also who did not ask for it is told where what was there ends.
    bookmark({ "k8s.io/initial-events-end": "true" });
  } else if (since > 0) {
    requireHistory(model, since);
    sendPast(collection, { selection, since }, send);
  }
  const close = collection.watchers.add({ selection, since: model.store.revision, send });
  return { close, bookmark: () => bookmark() };
}

function bookmarks({ store }: Model, { resource, query }: Request, send: Send) {
  const isWanted = isFlagSet(query.allowWatchBookmarks);
  return (annotations?: Record<string, string>): void => {
    if (!isWanted) return;
    const metadata = { resourceVersion: String(store.revision) };
    const object = {
      ...{ kind: resource.definition.kind, apiVersion: resource.apiVersion },
      metadata: { ...metadata, ...(annotations && { annotations }) },
    };
    send({ type: "BOOKMARK", object: object as unknown as WatchEvent["object"] });
  };
}

function requireHistory({ store }: Model, since: number): void {
  if (since < store.compacted) throw expired(`too old resource version: ${since} (${store.compacted})`);
  if (since > store.revision) throw expired(`too large resource version: ${since} (${store.revision})`);
}

function sendPresent({ sorted }: Collection, { namespace, matches }: Selection, send: Send): void {
  const present: WatchEvent[] = [];
  scan(sorted.now, { prefix: namespace === undefined ? "" : `${namespace}/` }, (object) => {
    if (!matches || matches(object)) present.push({ type: "ADDED", object });
    return true;
  });
  for (const event of present) send(event);
}

function sendPast(
  { changes }: Collection,
  { selection, since }: { selection: Selection; since: number },
  send: Send,
): void {
  for (let at = firstAfter(changes, since); at < changes.length; at += 1) {
    const change = changes[at];
    const event = change && eventOf(change, selection);
    if (event) send(event);
  }
}
