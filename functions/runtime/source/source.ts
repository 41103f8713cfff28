// The source of the functions' events on Knative, the one process of theirs that does not sleep. It decides nothing: it
// knows of each object that it is there, tells the functions' Services of changes, and sweeps them where that may have
// been in vain. Two at a time, as during an upgrade, do no harm.
import { randomUUID } from "node:crypto";
import { connectClient, defaultAccess } from "@knvirt/kubernetes";
import { definitionsOf } from "../../definitions.ts";
import { portOf, sinksOf } from "../../environment.ts";
import { groupsOf } from "../../groups.ts";
import { serveHealth } from "../health.ts";
import { createLog } from "../log.ts";
import { startFeed } from "./feed.ts";
import { openLine } from "./line.ts";

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
  const lineTo = ({ name }: { name: string }) => openLine({ url: urls.get(name) ?? "" });
  const feed = startFeed({ client, groups, lineTo, newId: randomUUID, log });
  let isSynced = false;
  const synced = feed.synced.then(() => {
    isSynced = true;
    log.info({ sinks: Object.fromEntries(urls) }, "source is ready");
  });
  const health = await serveHealth(portOf(env, "PORT", 8080), () => isSynced);
  return {
    healthPort: health.port,
    synced,
    close: () => {
      feed.close();
      health.close();
      client.close();
    },
  };
}
