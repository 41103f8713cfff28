// One write that changed something, and how watchers are told of it.
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";

export interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: KubernetesObject;
}

export interface Change {
  revision: number;
  type: "ADDED" | "MODIFIED" | "DELETED";
  before: KubernetesObject | undefined;
  /** The last state of what was removed. */
  after: KubernetesObject;
  /** As watchers were told of it: all are told the same. */
  told: Record<string, WatchEvent>;
}
