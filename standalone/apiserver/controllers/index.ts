// What the API server does by itself after a write: empty namespaces, clean up after definitions, collect garbage.
import type { Machinery } from "../machinery.ts";
import type { Change } from "../storage/version.ts";
import { removeCustomObjects } from "./custom-objects.ts";
import { definitionsStored } from "./custom-resources.ts";
import { expireEvents } from "./event-expiry.ts";
import { collectGarbage } from "./garbage-collection.ts";
import { emptyNamespace } from "./namespaces.ts";
import { WorkQueue } from "./work-queue.ts";

/** One kind of work; which keys need it is read from the store at the start, and from every commit after. */
interface Controller {
  work(machinery: Machinery, key: string): Promise<void>;
  /** Keys to look at after a change. */
  after(change: Change, machinery: Machinery): string[];
  atStart(machinery: Machinery): string[];
}

const endingNames = ({ store }: Machinery, resource: string): string[] =>
  store.read
    .list({ resource })
    .filter(({ version }) => version.isEnding)
    .map(({ position }) => position.name);

const namespaceContent: Controller = {
  work: emptyNamespace,
  after: (change, { store }) => {
    const { resource, namespace, name } = change.key;
    if (resource === "namespaces") return change.version.isEnding ? [name] : [];
    if (change.type !== "DELETED" || namespace === "") return [];
    const owner = store.read.get({ resource: "namespaces", namespace: "", name: namespace });
    return owner?.isEnding ? [namespace] : [];
  },
  atStart: (machinery) => endingNames(machinery, "namespaces"),
};

const customObjects: Controller = {
  work: removeCustomObjects,
  after: (change, { store }) => {
    const { resource, name } = change.key;
    if (resource === definitionsStored) return change.version.isEnding ? [name] : [];
    if (change.type !== "DELETED") return [];
    const definition = store.read.get({ resource: definitionsStored, namespace: "", name: resource });
    return definition?.isEnding ? [resource] : [];
  },
  atStart: (machinery) => endingNames(machinery, definitionsStored),
};

/** Keys are the uids of owners that have gone, or that wait for what depends on them. */
const garbage: Controller = {
  work: collectGarbage,
  after: (change, { store: { read } }) => {
    const { type, version, previous } = change;
    const own = type === "DELETED" || version.isEnding ? [version.object.metadata.uid] : [];
    const before = previous?.owners ?? [];
    const now = type === "DELETED" ? [] : version.owners;
    const lost = before.filter((uid) => !now.includes(uid));
    // An object may name an owner that has gone before it came, or that is going.
    const gained = now.filter((uid) => !before.includes(uid));
    const isConcerned = (uid: string): boolean => {
      const owner = read.findByUid(uid);
      return !owner || read.get(owner)?.isEnding === true;
    };
    return [...own, ...[...lost, ...gained].filter(isConcerned)];
  },
  atStart: ({ store: { read } }) => [...read.missingOwners(), ...read.endingOwners()],
};

export function startControllers(machinery: Machinery): { stop(): Promise<void> } {
  const running = [namespaceContent, customObjects, garbage].map((controller) => {
    const queue = new WorkQueue((key) => controller.work(machinery, key), machinery.log);
    const leave = machinery.store.onCommit((changes) => {
      for (const change of changes) for (const key of controller.after(change, machinery)) queue.add(key);
    });
    for (const key of controller.atStart(machinery)) queue.add(key);
    return { queue, leave };
  });
  const stopExpiry = expireEvents(machinery);
  return {
    stop: async () => {
      stopExpiry();
      for (const { leave } of running) leave();
      await Promise.all(running.map(({ queue }) => queue.stop()));
    },
  };
}
