// Who owns whom, as the watches tell it.
import type { Change, KubernetesObject, Resource } from "@knvirt/kubernetes";

export interface Entry {
  of: Resource;
  uid: string;
  object: KubernetesObject;
}

export interface OwnerGraph {
  get(uid: string): Entry | undefined;
  all(): Entry[];
  dependentsOf(uid: string): Entry[];
  /** Answers the uids of its owners, also of those that it had before. */
  take(of: Resource, change: Change<KubernetesObject>): string[];
}

const ownersOf = (object: KubernetesObject | undefined): string[] =>
  object?.metadata.ownerReferences?.map(({ uid }) => uid) ?? [];

export function ownerGraph(): OwnerGraph {
  const entries = new Map<string, Entry>();
  const dependents = new Map<string, Set<string>>();
  const link = (owner: string, uid: string): void => {
    const known = dependents.get(owner) ?? new Set();
    dependents.set(owner, known.add(uid));
  };
  return {
    get: (uid) => entries.get(uid),
    all: () => [...entries.values()],
    dependentsOf: (uid) => [...(dependents.get(uid) ?? [])].flatMap((one) => entries.get(one) ?? []),
    take: (of, { type, object }) => {
      const { uid = "" } = object.metadata;
      const entry = type === "deleted" ? undefined : { of, uid, object };
      const before = ownersOf(entries.get(uid)?.object);
      const after = ownersOf(entry?.object);
      for (const owner of before) dependents.get(owner)?.delete(uid);
      for (const owner of after) link(owner, uid);
      if (entry) entries.set(uid, entry);
      else entries.delete(uid);
      return [...new Set([...before, ...after])];
    },
  };
}
