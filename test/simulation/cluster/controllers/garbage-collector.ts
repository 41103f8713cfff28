// The garbage collector: dependents go with their owners, at once, first, or not at all, as the owner's deletion asks for.
import {
  type Change,
  isConflict,
  isNotFound,
  type Key,
  type KubernetesObject,
  keyOf,
  type OwnerReference,
  type Resource,
} from "@knvirt/kubernetes";
import { keyedQueue } from "../../../../node-executor/queue.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Controller } from "./controller.ts";
import { type Entry, type OwnerGraph, ownerGraph } from "./owner-graph.ts";

const [foreground, orphan] = ["foregroundDeletion", "orphan"];

interface Parts {
  process: SimulatedProcess;
  graph: OwnerGraph;
  kinds: readonly Resource[];
}

export function garbageCollector(process: SimulatedProcess, kinds: readonly Resource[]): Controller {
  const graph = ownerGraph();
  const parts: Parts = { process, graph, kinds };
  let isSynced = false;
  const queue = keyedQueue({
    run: async (uid) => {
      const entry = graph.get(uid);
      if (entry) await attend(parts, entry);
      return undefined;
    },
    onError: (error, uid) => process.note(() => `garbage ${uid} is looked at again: ${(error as Error).message}`),
    clock: process.clock,
  });
  const look = (uids: Iterable<string>): void => {
    if (isSynced) for (const uid of uids) queue.add(uid);
  };
  return {
    onChange: (of, change: Change<KubernetesObject>) => {
      if (!kinds.includes(of)) return;
      const { uid = "" } = change.object.metadata;
      const owners = graph.take(of, change);
      // Dependents of one that is gone or waits for them; owners that wait for one that is gone or is theirs no more.
      look(
        [uid, ...graph.dependentsOf(uid).map((one) => one.uid), ...owners].filter((one) => isOfInterest(graph, one)),
      );
    },
    synced: () => {
      isSynced = true;
      look(
        graph
          .all()
          .map(({ uid }) => uid)
          .filter((uid) => isOfInterest(graph, uid)),
      );
    },
  };
}

/** It waits for its dependents, or has an owner that is not there or waits for it. */
function isOfInterest(graph: OwnerGraph, uid: string): boolean {
  const entry = graph.get(uid);
  if (!entry) return false;
  if (isEnding(entry.object)) return isWaiting(entry.object) || has(entry.object, orphan);
  return referencesOf(entry.object).some((reference) => {
    const owner = graph.get(reference.uid);
    return !owner || isWaiting(owner.object);
  });
}

const has = ({ metadata }: KubernetesObject, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) ?? false;

const isEnding = ({ metadata }: KubernetesObject): boolean => metadata.deletionTimestamp !== undefined;

const isWaiting = (object: KubernetesObject): boolean => isEnding(object) && has(object, foreground);

const referencesOf = ({ metadata }: KubernetesObject): OwnerReference[] => metadata.ownerReferences ?? [];

async function attend(parts: Parts, entry: Entry): Promise<void> {
  const { object } = entry;
  if (isEnding(object) && has(object, orphan)) await disownAll(parts, entry);
  else if (isWaiting(object)) await waitForDependents(parts, entry);
  else if (!isEnding(object)) await collect(parts, entry);
}

/** It is let go when the watch has shown that nobody is left. */
async function disownAll(parts: Parts, owner: Entry): Promise<void> {
  const dependents = parts.graph.dependentsOf(owner.uid);
  for (const dependent of dependents) {
    const left = referencesOf(dependent.object).filter(({ uid }) => uid !== owner.uid);
    await patch(parts, dependent, { ownerReferences: left });
  }
  if (dependents.length === 0) await release(parts, owner, orphan);
}

async function waitForDependents(parts: Parts, owner: Entry): Promise<void> {
  const blocking = parts.graph
    .dependentsOf(owner.uid)
    .filter(({ object }) => referencesOf(object).some((one) => one.uid === owner.uid && one.blockOwnerDeletion));
  if (blocking.length === 0) await release(parts, owner, foreground);
}

async function release(parts: Parts, entry: Entry, finalizer: string): Promise<void> {
  const live = await find(parts, entry);
  if (!live || !has(live, finalizer)) return;
  const finalizers = (live.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  await patch(parts, { ...entry, object: live }, { finalizers });
}

/** As it is now: what the watch told may be old. */
async function find({ process }: Parts, { of, uid, object }: Entry): Promise<KubernetesObject | undefined> {
  const live = await process.client.find(of, keyOf(object));
  return live?.metadata.uid === uid ? live : undefined;
}

async function collect(parts: Parts, entry: Entry): Promise<void> {
  const live = await find(parts, entry);
  if (!live || isEnding(live)) return;
  const references = referencesOf(live);
  const states = await Promise.all(references.map((reference) => stateOf(parts, reference, live.metadata.namespace)));
  const solid = references.filter((_, index) => states[index] === "solid");
  if (references.length === 0 || solid.length === references.length) return;
  if (solid.length > 0) return patch(parts, { ...entry, object: live }, { ownerReferences: solid });
  const hasDependents = parts.graph.dependentsOf(entry.uid).length > 0;
  const { uid = "", resourceVersion = "" } = live.metadata;
  const propagationPolicy = policyOf(live, states.includes("waiting") && hasDependents);
  await unlessChanged(() =>
    parts.process.client.delete(entry.of, keyOf(live), { uid, resourceVersion, propagationPolicy }),
  );
}

function policyOf(object: KubernetesObject, isOwnerWaiting: boolean): "Orphan" | "Foreground" | "Background" {
  if (isOwnerWaiting) return "Foreground";
  if (has(object, orphan)) return "Orphan";
  return has(object, foreground) ? "Foreground" : "Background";
}

/** An owner that is not there by its uid is none, whoever has its name. */
async function stateOf(
  { process, kinds }: Parts,
  { apiVersion, kind, name, uid }: OwnerReference,
  namespace: string | undefined,
): Promise<"solid" | "waiting" | "absent"> {
  const of = kinds.find((known) => known.apiVersion === apiVersion && known.kind === kind);
  if (!of) return "solid";
  const key: Key = of.namespaced && namespace !== undefined ? { namespace, name } : { name };
  const owner = await process.client.find(of, key);
  if (owner?.metadata.uid !== uid) return "absent";
  return isWaiting(owner) ? "waiting" : "solid";
}

async function patch(
  { process }: Parts,
  { of, object }: Pick<Entry, "of" | "object">,
  change: Pick<KubernetesObject["metadata"], "ownerReferences" | "finalizers">,
): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const patched = { metadata: { ...change, uid, resourceVersion } };
  await unlessChanged(() => process.client.mergePatch(of, keyOf(object), { patch: patched }));
}

/** What has changed meanwhile is brought again by the watch. */
async function unlessChanged(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isConflict(error) && !isNotFound(error)) throw error;
  }
}
