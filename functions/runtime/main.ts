// The process of functions that are sent their events: as a Knative Service on a port that its proxy connects to, on one
// machine on a socket. It begins in as few steps as possible, for on Knative somebody waits for it.
import { type ClusterAccess, connectClient, defaultAccess, systemClock } from "@knvirt/kubernetes";
import { longestWaitSecondsOf, portOf, servedDefinitions, sweepSecondsOf } from "../environment.ts";
import { createLog } from "./log.ts";
import { serveFunctions } from "./serve.ts";
import { startFunctions } from "./start.ts";
import { startSweeping } from "./sweep-timer.ts";

const { env } = process;
const log = createLog(env.LOG_LEVEL);
const definitions = servedDefinitions(env);
const access = await defaultAccess();
const client = connectClient(access, "knvirt-functions");
// The proxy of a Knative Service lets everybody through who reaches the Service: metrics are told on a socket only.
const metrics = env.LISTEN === undefined ? undefined : (await import("./metrics.ts")).createMetrics();
const recording = env.RECORD ? (await import("./recording/open.ts")).openRecording(env, log) : undefined;
const functions = startFunctions({
  definitions,
  client,
  longestWaitSeconds: longestWaitSecondsOf(env),
  log,
  metrics,
  recording,
});
const served = await serveFunctions({
  functions,
  where: env.LISTEN ?? { port: portOf(env, "PORT", 8080), host: "127.0.0.1" },
  metrics,
  awakeUrl: ownService(access),
  log,
});
const stopSweeping = startSweeping({
  seconds: sweepSecondsOf(env),
  sweep: functions.sweep,
  log,
  clock: systemClock,
});
log.info({ functions: functions.names, listen: served.address }, "functions are ready");

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, async () => {
    stopSweeping();
    await served.close();
    log.info({ signal }, "functions have ended");
    process.exit(0);
  });

/** Knative names the Service; without it nobody ends this process for having nothing to do. */
function ownService({ namespace }: ClusterAccess): string | undefined {
  const { K_SERVICE: service } = env;
  return service && namespace ? `http://${service}.${namespace}.svc/awake` : undefined;
}
