// Events tell what happened lately: those that did not happen again for an hour are removed, as in Kubernetes.
import { deleteIn } from "../lifecycle/delete.ts";
import { keyOf, type Machinery } from "../machinery.ts";
import { isRecord, type KubernetesObject } from "../object.ts";

const lifetimeMs = 3600 * 1000;
const sweepMs = 5 * 60 * 1000;

/** Answers how to stop. */
export function expireEvents(machinery: Machinery): () => void {
  const timer = setInterval(() => {
    removeOldEvents(machinery).catch((error: unknown) =>
      machinery.log.warn({ error }, "old events could not be removed and are tried again"),
    );
  }, sweepMs);
  return () => clearInterval(timer);
}

export async function removeOldEvents(machinery: Machinery): Promise<void> {
  const { store, catalog } = machinery;
  const resource = catalog.find("", "v1", "events");
  if (!resource) return;
  const before = machinery.now().getTime() - lifetimeMs;
  const old = store.read
    .list({ resource: resource.storedAs })
    .filter(({ version }) => lastSeen(version.object) < before)
    .map(({ position }) => ({ resource, ...position }));
  await Promise.all(
    old.map((target) =>
      store.write((transaction) => {
        const event = transaction.get(keyOf(target))?.object;
        if (!event || lastSeen(event) >= before) return;
        deleteIn(transaction, target, { dryRun: false, now: machinery.now() });
      }),
    ),
  );
}

/** The latest of the times an event may carry. */
function lastSeen({ metadata, lastTimestamp, eventTime, series }: KubernetesObject): number {
  const observed = isRecord(series) ? series.lastObservedTime : undefined;
  const moments = [metadata.creationTimestamp, lastTimestamp, eventTime, observed];
  return Math.max(...moments.map((moment) => Date.parse(String(moment))).filter((moment) => !Number.isNaN(moment)));
}
