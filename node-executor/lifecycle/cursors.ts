// How far each launcher pod's events were passed on, kept on disk so that a restart neither repeats all nor skips any.
import type { Log } from "../log.ts";
import type { CursorFile } from "./cursor-file.ts";

export interface Cursor {
  /** As Kubernetes Events. */
  told: number;
  /** As CloudEvents. */
  sent: number;
}

export interface Cursors {
  /** At its beginning when the pod is new. */
  open(podUid: string): Cursor;
  find(podUid: string): Cursor | undefined;
  /** Not for pods that are forgotten. */
  advance(podUid: string, to: Partial<Cursor>): void;
  forget(podUid: string): void;
  /** Forgets all others. */
  keepOnly(isKept: (podUid: string) => boolean): void;
  /** Resolves once all of it is on disk, or could not be kept. */
  saved(): Promise<void>;
}

export function openCursors(file: CursorFile, log: Log): Cursors {
  const cursors = new Map<string, Cursor>(Object.entries(read(file, log)));
  let written = Promise.resolve();
  let next: Promise<void> | undefined;
  /** One write at a time, each of all that is known by then. Losing one repeats events, which receivers must bear anyway. */
  const save = (): void => {
    next ??= written.then(() => {
      next = undefined;
      return file
        .write(JSON.stringify(Object.fromEntries(cursors)))
        .catch((err: unknown) =>
          log.warn({ err }, "it was not kept which lifecycle events are told: a restart tells some again"),
        );
    });
    written = next;
  };
  return {
    open: (podUid) => {
      const cursor = cursors.get(podUid) ?? { told: 0, sent: 0 };
      cursors.set(podUid, cursor);
      return cursor;
    },
    find: (podUid) => cursors.get(podUid),
    advance: (podUid, to) => {
      const cursor = cursors.get(podUid);
      if (!cursor) return;
      cursors.set(podUid, { ...cursor, ...to });
      save();
    },
    forget: (podUid) => {
      if (cursors.delete(podUid)) save();
    },
    keepOnly: (isKept) => {
      const others = [...cursors.keys()].filter((podUid) => !isKept(podUid));
      for (const podUid of others) cursors.delete(podUid);
      if (others.length > 0) save();
    },
    saved: () => written,
  };
}

function read(file: CursorFile, log: Log): Record<string, Cursor> {
  try {
    const kept = Object.entries(JSON.parse(file.read() ?? "{}") as Record<string, Partial<Cursor> | null>);
    return Object.fromEntries(kept.map(([podUid, cursor]) => [podUid, { told: 0, sent: 0, ...cursor }]));
  } catch (err) {
    log.warn({ err }, "it cannot be read which lifecycle events were told: some are told again");
    return {};
  }
}
