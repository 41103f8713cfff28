// Brings every committed change to the watchers it concerns, each seeing its own selection of objects.

import type { KubernetesObject } from "./object.ts";
import { withMetadata } from "./object.ts";
import type { Predicate } from "./selectors/label-selector.ts";
import type { Store } from "./storage/store.ts";
import { type Change, Version } from "./storage/version.ts";

export interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED";
  version: Version;
}

export interface Watcher {
  resource: string;
  /** Absent: all namespaces. */
  namespace: string | undefined;
  /** Absent: every object, which spares looking into them. */
  matches: Predicate<KubernetesObject> | undefined;
  receive(event: WatchEvent): void;
}

/** What a change looks like to somebody who sees only matching objects. */
export function eventOf(change: Change, matches: Watcher["matches"]): WatchEvent | undefined {
  const { type, version, previous } = change;
  if (!matches) return { type, version };
  const before = previous !== undefined && matches(previous.object);
  const after = type !== "DELETED" && matches(version.object);
  if (after) return { type: before ? "MODIFIED" : "ADDED", version };
  if (!before) return undefined;
  return { type: "DELETED", version: type === "DELETED" ? version : lastSeen(previous, version.revision) };
}

/** An object that leaves a selection is shown as it was in it, with the resourceVersion of the change. */
function lastSeen({ object }: Version, revision: number): Version {
  const shown = withMetadata(object, { resourceVersion: String(revision) });
  return new Version(revision, JSON.stringify(shown), shown);
}

export class WatchHub {
  readonly #watchers = new Map<string, Set<Watcher>>();

  constructor(store: Store) {
    store.onCommit((changes) => {
      for (const change of changes) this.#publish(change);
    });
  }

  add(watcher: Watcher): () => void {
    const watchers = this.#watchers.get(watcher.resource) ?? new Set();
    this.#watchers.set(watcher.resource, watchers);
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }

  #publish(change: Change): void {
    for (const watcher of this.#watchers.get(change.key.resource) ?? []) {
      if (watcher.namespace !== undefined && watcher.namespace !== change.key.namespace) continue;
      const event = eventOf(change, watcher.matches);
      if (event) watcher.receive(event);
    }
  }
}
