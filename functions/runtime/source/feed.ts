// What groups of functions that sleep are told: the changes that concern them, as they happen, and when to sweep.
import { type Client, type Clock, systemClock } from "@knvirt/kubernetes";
import type { FunctionGroup } from "../../groups.ts";
import { watchedBy } from "../definition.ts";
import { startEventSource } from "../event-source.ts";
import type { Log } from "../log.ts";
import type { OpenLine } from "./line.ts";
import { openSink, type Sink } from "./sink.ts";

export interface FeedOptions {
  client: Client;
  groups: readonly FunctionGroup[];
  /** Opened once for each group, and closed with its end. */
  lineTo(group: FunctionGroup): OpenLine;
  /** For events. */
  newId(): string;
  log: Log;
  clock?: Clock;
}

export interface Feed {
  /** Resolves when it follows all that it has to, and has begun to tell. */
  readonly synced: Promise<void>;
  close(): void;
}

export function startFeed({ client, groups, lineTo, newId, log, clock = systemClock }: FeedOptions): Feed {
  let sinks: Sink[] = [];
  let isClosed = false;
  const events = startEventSource({
    client,
    watched: watchedBy(groups.flatMap(({ definitions }) => definitions)),
    deliver: (change) => {
      for (const sink of sinks) sink.take(change);
    },
    tellsExisting: false, // the first sweep looks at all of it
    onError: (err) => log.warn({ err }, "objects cannot be watched: tried again"),
    clock,
  });
  // Not before all is followed: what changes behind the first sweep's back is told then.
  const synced = events.synced.then(() => {
    if (!isClosed) sinks = groups.map((group) => openSink({ group, line: lineTo(group), newId, log, clock }));
  });
  return {
    synced,
    close: () => {
      isClosed = true;
      events.close();
      for (const sink of sinks) sink.close();
    },
  };
}
