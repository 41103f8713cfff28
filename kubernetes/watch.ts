// A local copy of one resource that follows the API server: list, watch, and list again when the watch has lost its place.
import type { Client, ListOptions } from "./client.ts";
import { type Clock, pause, systemClock } from "./clock.ts";
import { isExpired } from "./errors.ts";
import { type Failures, failures } from "./failures.ts";
import { type Change, type ObjectStore, objectStore } from "./object-store.ts";
import type { KubernetesObject } from "./objects.ts";
import { keyOf, keyText, type Resource } from "./resources.ts";
import { eventsOf, openWatch } from "./watch-stream.ts";

export interface Informer<T> {
  /** Resolves after the first complete list; never when stopped before that. */
  readonly synced: Promise<void>;
  get(key: string): T | undefined;
  all(): T[];
  /** No change is told afterwards, and nothing is left that keeps the process alive. */
  stop(): void;
}

export interface InformerOptions<T> extends ListOptions {
  /** Changes in order; the first list arrives as `added`. What it throws goes to `onError`, and the next change is told
   * all the same. Without an `onError` it is an uncaught exception, as is what `onError` throws. */
  onChange?: (change: Change<T>) => void;
  /** A list or watch failed and is tried again after a pause: told once until it works or fails in another way. */
  onError?: (error: unknown) => void;
  /** What is kept of an object and told of it, for those who do not need all: key, uid and resource version have to
   * stay. */
  keep?: (object: T) => T;
  /** How long one watch lasts. A connection that went silent is noticed a little later. */
  watchSeconds?: number;
  clock?: Clock;
}

/** Keeps a copy keyed by `namespace/name` until stopped. A connection lost is made again; no change is missed, though
 * several changes of one object may arrive as one. */
export function inform<T extends KubernetesObject>(
  client: Client,
  of: Resource<T>,
  options: InformerOptions<T> = {},
): Informer<T> {
  const stop = new AbortController();
  const { promise: synced, resolve: ready } = Promise.withResolvers<void>();
  const store = objectStore<T>((change) => {
    if (!stop.signal.aborted) tell(change, options);
  });
  const { onChange: _told, onError, keep = (object) => object, ...others } = options;
  const { watchSeconds = 240, clock = systemClock, ...selection } = others;
  const { signal } = stop;
  const wiring = { client, of, store, keep, selection: { ...selection, signal }, signal, watchSeconds, clock, ready };
  void follow(wiring, onError);
  return { synced, get: store.get, all: store.all, stop: () => stop.abort() };
}

/** A listener that fails must not stop those of other objects from hearing of theirs. */
function tell<T extends KubernetesObject>(change: Change<T>, { onChange, onError }: InformerOptions<T>): void {
  try {
    onChange?.(change);
  } catch (cause) {
    const { kind, metadata } = change.object;
    const key = keyText(keyOf(change.object));
    const message = `change of ${kind} ${key} was not taken in: ${change.type} at ${metadata.resourceVersion}`;
    const error = new Error(message, { cause });
    if (onError) onError(error);
    else
      queueMicrotask(() => {
        throw error;
      });
  }
}

interface Following<T extends KubernetesObject> {
  client: Client;
  of: Resource<T>;
  store: ObjectStore<T>;
  keep: (object: T) => T;
  selection: ListOptions;
  signal: AbortSignal;
  watchSeconds: number;
  clock: Clock;
  ready: () => void;
  /** Resource version that the store has reached; absent when it has to list. */
  reached?: string | undefined;
}

async function follow<T extends KubernetesObject>(
  following: Following<T>,
  onError: InformerOptions<T>["onError"],
): Promise<void> {
  const failed = failures(onError);
  const { clock, signal } = following;
  while (!signal.aborted) {
    const pauseMs = await followOnce(following, failed);
    if (pauseMs > 0) await pause(clock, pauseMs, signal);
  }
}

/** A list where that is needed, then a watch to its end. Answers the milliseconds to wait before the next. */
async function followOnce<T extends KubernetesObject>(following: Following<T>, failed: Failures): Promise<number> {
  try {
    following.reached ??= await list(following);
    await watch(following, failed);
    return failed.pauseUntold();
  } catch (error) {
    if (following.signal.aborted) return 0;
    if (!isExpired(error)) return failed.pauseAfter(error);
    following.reached = undefined;
    return failed.pauseUntold();
  }
}

/** Page by page, so that no more than one page is held whole. */
async function list<T extends KubernetesObject>(following: Following<T>): Promise<string> {
  const { client, of, store, keep, selection, ready } = following;
  const kept: T[] = [];
  let reached = "";
  for await (const { items, resourceVersion } of client.pages(of, selection)) {
    kept.push(...items.map(keep));
    reached = resourceVersion;
  }
  store.replace(kept);
  ready();
  return reached;
}

/** A watch that lasts so long works, even when nothing happens. */
const soundMs = 1_000;

async function watch<T extends KubernetesObject>(following: Following<T>, failed: Failures): Promise<void> {
  const { client, clock, of, store, keep, selection, signal, watchSeconds, reached = "" } = following;
  const stream = await openWatch(client, of, { ...selection, from: reached, seconds: watchSeconds });
  const openedAt = clock.elapsedMs();
  try {
    for await (const { type, object } of eventsOf<T>(stream)) {
      if (signal.aborted) return;
      failed.forget();
      following.reached = object.metadata.resourceVersion ?? following.reached;
      if (type === "DELETED") store.drop(keep(object));
      else if (type !== "BOOKMARK") store.put(keep(object));
    }
  } finally {
    if (clock.elapsedMs() - openedAt >= soundMs) failed.forget();
  }
}
