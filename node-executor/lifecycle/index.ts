// What happened to the guests of this node, passed on: at once to the sink for CloudEvents, and through the executor's
// loop to Kubernetes Events.
import { label } from "@knvirt/api";
import type { Clock } from "@knvirt/kubernetes";
import type { Log } from "../log.ts";
import type { Session } from "../sessions.ts";
import { cloudEventOf, type Origin } from "./cloud-event.ts";
import type { CursorFile } from "./cursor-file.ts";
import { openCursors } from "./cursors.ts";
import { type Courier, openCourier } from "./delivery.ts";
import { type News, newsAfter } from "./news.ts";
import { type Fate, openOutbox } from "./outbox.ts";

export interface LifecycleOptions {
  node: string;
  cursorFile: CursorFile;
  sink(): string | undefined;
  ready: Promise<unknown>;
  log: Log;
  clock: Clock;
  courier?: Courier;
}

export interface Lifecycle {
  /** To be called whenever a launcher said something. */
  listen(session: Session): void;
  /** What no Kubernetes Event told yet. */
  newsOf(session: Session): News[];
  told(session: Session, sequence: number): void;
  forget(podUid: string): void;
  keepOnly(isKept: (podUid: string) => boolean): void;
  counts(): LifecycleCounts;
  /** Resolves once it is kept how far all was told. */
  close(): Promise<void>;
}

export interface LifecycleCounts {
  fates: Readonly<Record<Fate, number>>;
  waiting: number;
}

export function openLifecycle(options: LifecycleOptions): Lifecycle {
  const { node, cursorFile, log, clock, courier = openCourier() } = options;
  const cursors = openCursors(cursorFile, log);
  /** The last event of each pod that is on its way to the sink, or past it. */
  const queued = new Map<string, number>();
  const outbox = openOutbox({
    ...options,
    courier,
    onSettled: ({ podUid, sequence }) => cursors.advance(podUid, { sent: sequence }),
  });
  const forget = (podUid: string): void => {
    queued.delete(podUid);
    cursors.forget(podUid);
  };
  return {
    listen: (session) => {
      const { podUid, launcher } = session;
      const from = queued.get(podUid) ?? cursors.open(podUid).sent;
      for (const news of newsAfter(from, launcher.domain, clock.now())) {
        queued.set(podUid, news.sequence);
        outbox.add({ event: cloudEventOf(originOf(session, node), news), podUid, sequence: news.sequence });
      }
    },
    newsOf: ({ podUid, launcher }) => {
      const cursor = cursors.find(podUid);
      return cursor ? newsAfter(cursor.told, launcher.domain, clock.now()) : [];
    },
    told: ({ podUid }, sequence) => cursors.advance(podUid, { told: sequence }),
    forget,
    keepOnly: (isKept) => cursors.keepOnly(isKept),
    counts: () => ({ fates: outbox.counts, waiting: outbox.waiting }),
    close: () => {
      outbox.close();
      courier.close();
      return cursors.saved();
    },
  };
}

const originOf = ({ pod, podUid, vmi }: Session, node: string): Origin => ({
  namespace: vmi.namespace ?? "",
  name: vmi.name,
  uid: pod.metadata.labels?.[label.createdBy] ?? "",
  podUid,
  node,
});
