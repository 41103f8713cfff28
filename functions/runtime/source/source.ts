// The source of the functions' events on Knative, the one process of theirs that does not sleep. It decides nothing: it
// knows of each object that it is there, tells the functions' Services of changes, and sweeps them where that may have
// been in vain. Two at a time, as during an upgrade, do no harm.
import { connectClient, defaultAccess } from "@knvirt/kubernetes";
import { definitionsOf } from "../../definitions.ts";
import { portOf, sinksOf } from "../../environment.ts";
import { groupsOf } from "../../groups.ts";
import { watchedBy } from "../definition.ts";
import { startEventSource } from "../event-source.ts";
import { serveHealth } from "../health.ts";
import { createLog } from "../log.ts";
import { openSink } from "./sink.ts";

export interface Source {
  healthPort: number;
  /** Resolves when it follows all that it has to. */
  readonly synced: Promise<void>;
  close(): void;
}

export async function startSource(env: NodeJS.ProcessEnv): Promise<Source> {
  const log = createLog(env.LOG_LEVEL, "source");
  const urls = sinksOf(env);
  // Nothing is started from here: what functions read does not depend on the image of launchers.
  const groups = groupsOf(definitionsOf({ launcher: { image: "" } })).filter(({ name }) => urls.has(name));
  const client = connectClient(await defaultAccess(), "knvirt-source");
  let sinks: ReturnType<typeof openSink>[] = [];
  const events = startEventSource({
    client,
    watched: watchedBy(groups.flatMap(({ definitions }) => definitions)),
    deliver: (change) => {
      for (const sink of sinks) sink.take(change);
    },
    tellsExisting: false, // the first sweep looks at all of it
    onError: (err) => log.warn({ err }, "objects cannot be watched: tried again"),
  });
  let isSynced = false;
  const health = await serveHealth(portOf(env, "PORT", 8080), () => isSynced);
  let isClosed = false;
  // Not before all is followed: what changes behind the first sweep's back is told then.
  const synced = events.synced.then(() => {
    if (isClosed) return;
    sinks = groups.map((group) => openSink({ group, to: { url: urls.get(group.name) ?? "" }, log }));
    isSynced = true;
    log.info({ sinks: Object.fromEntries(urls) }, "source is ready");
  });
  return {
    healthPort: health.port,
    synced,
    close: () => {
      isClosed = true;
      events.close();
      for (const sink of sinks) sink.close();
      health.close();
      client.close();
    },
  };
}
