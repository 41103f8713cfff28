// A local copy of one resource that follows the API server: list, watch, and list again when the watch has lost its place.

import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, ListOptions } from "./client.ts";
import { ApiError, isExpired } from "./errors.ts";
import type { KubernetesObject } from "./objects.ts";
import { keyOf, keyText, pathOf, type Resource } from "./resources.ts";

export type Change<T> =
  | { type: "added"; object: T }
  | { type: "modified"; object: T; before: T }
  | { type: "deleted"; object: T };

export interface Informer<T> {
  /** Resolves after the first complete list. */
  readonly synced: Promise<void>;
  get(key: string): T | undefined;
  all(): T[];
  stop(): void;
}

export interface InformerOptions<T> extends ListOptions {
  /** Changes in order; the first list arrives as `added`. */
  onChange?: (change: Change<T>) => void;
  /** A list or watch failed; it is tried again after a pause. */
  onError?: (error: unknown) => void;
}

const longestPauseMs = 5_000;
/** The server ends each watch after so long, so that a connection gone silent is noticed. */
const watchSeconds = 240;

/** Keeps a copy keyed by `namespace/name` until stopped. A connection lost is made again; no change is missed, though
 * several changes of one object may arrive as one. */
export function inform<T extends KubernetesObject>(
  client: Client,
  of: Resource<T>,
  options: InformerOptions<T> = {},
): Informer<T> {
  const stop = new AbortController();
  const store = new Map<string, T>();
  let ready = (): void => undefined;
  const synced = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const copy: Copy<T> = { client, of, options, store, signal: stop.signal, ready };
  void follow(copy);
  return {
    synced,
    get: (key) => store.get(key),
    all: () => [...store.values()],
    stop: () => stop.abort(),
  };
}

interface Copy<T> {
  client: Client;
  of: Resource;
  options: InformerOptions<T>;
  store: Map<string, T>;
  signal: AbortSignal;
  ready: () => void;
}

async function follow<T extends KubernetesObject>(copy: Copy<T>): Promise<void> {
  let pauseMs = 0;
  let from: string | undefined;
  while (!copy.signal.aborted) {
    try {
      from ??= await relist(copy);
      from = await watchOnce(copy, from, () => {
        pauseMs = 0;
      });
    } catch (error) {
      if (copy.signal.aborted) return;
      if (isExpired(error)) from = undefined;
      else copy.options.onError?.(error);
      pauseMs = Math.min(longestPauseMs, Math.max(100, pauseMs * 2));
      await sleep(pauseMs, undefined, { signal: copy.signal }).catch(() => undefined);
    }
  }
}

async function relist<T extends KubernetesObject>({ client, of, options, store, ready }: Copy<T>): Promise<string> {
  const { items, resourceVersion } = await client.list(of as Resource<T>, options);
  const gone = new Map(store);
  for (const object of items) {
    gone.delete(keyText(keyOf(object)));
    put(store, object, options.onChange);
  }
  for (const object of gone.values()) drop(store, object, options.onChange);
  ready();
  return resourceVersion;
}

interface WatchLine<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: T & { code?: number; message?: string };
}

/** Returns the resource version to go on from when the server ends the watch in order. */
async function watchOnce<T extends KubernetesObject>(
  { client, of, options, store, signal }: Copy<T>,
  from: string,
  alive: () => void,
): Promise<string> {
  const { namespace, labelSelector, fieldSelector } = options;
  const stream = await client.transport.open({
    method: "GET",
    path: pathOf(of, namespace === undefined ? {} : { namespace }),
    query: {
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: watchSeconds,
      resourceVersion: from,
      labelSelector,
      fieldSelector,
    },
    timeoutMs: (watchSeconds + 20) * 1000,
    signal,
  });
  let reached = from;
  for await (const line of createInterface({ input: stream })) {
    const { type, object } = JSON.parse(line) as WatchLine<T>;
    if (type === "ERROR") throw new ApiError(object.code ?? 500, object);
    alive();
    reached = object.metadata.resourceVersion ?? reached;
    if (type === "DELETED") drop(store, object, options.onChange);
    else if (type !== "BOOKMARK") put(store, object, options.onChange);
  }
  return reached;
}

function put<T extends KubernetesObject>(store: Map<string, T>, object: T, onChange?: (change: Change<T>) => void) {
  const key = keyText(keyOf(object));
  const before = store.get(key);
  if (before && before.metadata.resourceVersion === object.metadata.resourceVersion) return;
  store.set(key, object);
  const replaced = before && before.metadata.uid !== object.metadata.uid;
  if (replaced) onChange?.({ type: "deleted", object: before });
  onChange?.(before && !replaced ? { type: "modified", object, before } : { type: "added", object });
}

function drop<T extends KubernetesObject>(store: Map<string, T>, object: T, onChange?: (change: Change<T>) => void) {
  if (store.delete(keyText(keyOf(object)))) onChange?.({ type: "deleted", object });
}
