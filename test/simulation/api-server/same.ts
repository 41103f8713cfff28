// Whether a write changes anything: the times of who manages which field do not count.
import type { KubernetesObject, ManagedFieldsEntry } from "../../../standalone/apiserver/object.ts";
import { equal, type JsonObject } from "../../../standalone/apiserver/patch/json.ts";

/** What is equal in both is the very same, but for the metadata. */
export function isSameButTimes(live: KubernetesObject, next: KubernetesObject): boolean {
  if (live === next) return true;
  for (const name in next) if (name !== "metadata" && live[name] !== next[name]) return false;
  for (const name in live) if (next[name] === undefined) return false;
  return isSameMetadata(live.metadata, next.metadata);
}

const isSame = (one: unknown, other: unknown): boolean => equal(one as JsonObject, other as JsonObject);

function isSameMetadata(live: KubernetesObject["metadata"], next: KubernetesObject["metadata"]): boolean {
  const { managedFields: before = [], resourceVersion: _, ...rest } = live;
  const { managedFields: after = [], resourceVersion: __, ...others } = next;
  return (
    isSame(rest, others) && before.length === after.length && before.every((one, at) => isSameEntry(one, after[at]))
  );
}

function isSameEntry(one: ManagedFieldsEntry, other: ManagedFieldsEntry | undefined): boolean {
  if (one === other || !other) return one === other;
  const { time: _, ...rest } = one;
  const { time: __, ...others } = other;
  return isSame(rest, others);
}
