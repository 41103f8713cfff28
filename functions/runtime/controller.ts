// The controller: functions and the source of their events in one process, for clusters without Knative. Two at a time,
// as during an upgrade, do no harm: every write names what it was decided on.
import { connectClient, defaultAccess, scraperAuthorization } from "@knvirt/kubernetes";
import { longestWaitSecondsOf, portOf, servedDefinitions, sweepSecondsOf } from "../environment.ts";
import { startControlLoop } from "./control-loop.ts";
import { serveHealth } from "./health.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { serveMetrics } from "./metrics-server.ts";
import { openRecording } from "./recording/open.ts";

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
  const loop = startControlLoop({
    definitions,
    client,
    longestWaitSeconds: longestWaitSecondsOf(env),
    sweepSeconds: sweepSecondsOf(env),
    log,
    metrics,
    recording: openRecording(env, log),
  });
  let isSynced = false;
  const synced = loop.synced.then(() => {
    isSynced = true;
    log.info({ functions: loop.names }, "controller is ready");
  });
  const health = await serveHealth(portOf(env, "PORT", 8080), () => isSynced);
  const scraping = await serveMetrics({
    port: portOf(env, "METRICS_PORT", 8443),
    registry: metrics.registry,
    authorization: scraperAuthorization(client),
    log,
  });
  return {
    healthPort: health.port,
    metricsPort: scraping.port,
    synced,
    close: async () => {
      health.close();
      scraping.close();
      await loop.close();
    },
  };
}
