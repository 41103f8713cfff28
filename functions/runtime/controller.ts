// The controller: functions and the source of their events in one process, for clusters without Knative. Two at a time,
// as during an upgrade, do no harm: every write names what it was decided on.
import { connectClient, defaultAccess, scraperAuthorization } from "@knvirt/kubernetes";
import { longestWaitSecondsOf, portOf, servedDefinitions, sweepSecondsOf } from "../environment.ts";
import { watchedBy } from "./definition.ts";
import { startEventSource } from "./event-source.ts";
import { serveHealth } from "./health.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { serveMetrics } from "./metrics-server.ts";
import { startFunctions } from "./start.ts";
import { startSweeping } from "./sweep-timer.ts";

export interface Controller {
  /** Where it tells everybody whether it lives and follows. */
  healthPort: number;
  metricsPort: number;
  /** Resolves when it follows all that it has to. */
  readonly synced: Promise<void>;
  /** Resolves when running work has ended. */
  close(): Promise<void>;
}

export async function startController(env: NodeJS.ProcessEnv): Promise<Controller> {
  const log = createLog(env.LOG_LEVEL);
  const definitions = servedDefinitions(env);
  const client = connectClient(await defaultAccess(), "knvirt-controller");
  const metrics = createMetrics();
  const functions = startFunctions({
    definitions,
    client,
    longestWaitSeconds: longestWaitSecondsOf(env),
    log,
    metrics,
  });
  const source = startEventSource({
    client,
    watched: watchedBy(definitions),
    deliver: ({ reference }) => functions.take(reference),
    tellsExisting: false, // the first sweep looks at all of it
    onError: (err) => log.warn({ err }, "objects cannot be watched: tried again"),
  });
  let isSynced = false;
  const health = await serveHealth(portOf(env, "PORT", 8080), () => isSynced);
  const scraping = await serveMetrics({
    port: portOf(env, "METRICS_PORT", 8443),
    registry: metrics.registry,
    authorization: scraperAuthorization(client),
    log,
  });
  // Not before all is followed: what changes behind the sweep's back is told then.
  const sweeping = source.synced.then(() => {
    isSynced = true;
    log.info({ functions: functions.names }, "controller is ready");
    return startSweeping(sweepSecondsOf(env), functions.sweep, log);
  });
  return {
    healthPort: health.port,
    metricsPort: scraping.port,
    synced: source.synced,
    close: async () => {
      source.close();
      health.close();
      scraping.close();
      if (isSynced) (await sweeping)();
      await functions.close();
    },
  };
}
