// The node executor's process: options in, watches, gRPC and metrics up, until a signal ends it. Guests do not notice.
import { connectClient, defaultAccess } from "@knvirt/kubernetes";
import { pino } from "pino";
import { endpointsOf } from "./endpoints.ts";
import { ExecutorError } from "./errors.ts";
import { type Executor, startExecutor } from "./executor.ts";
import { exposition, type MetricSources } from "./metrics/collect.ts";
import { metricsOf } from "./metrics/index.ts";
import { samples } from "./metrics/samples.ts";
import { contentType } from "./metrics/text-format.ts";
import { serveMetrics } from "./metrics-server.ts";
import { parseOptions } from "./options.ts";
import executorPackage from "./package.json" with { type: "json" };
import { scraperAuthorization } from "./scraper-authorization.ts";
import { executorService, listen } from "./server.ts";

const options = parseOptions(process.argv.slice(2));
const log = pino({ base: { component: "node-executor", node: options.nodeName } });
const client = connectClient(defaultAccess(), "knvirt-executor");
const executor = startExecutor({
  client,
  node: options.nodeName,
  podsDir: options.podsDir,
  stateDir: options.stateDir,
  log,
});
const socket = await listen(options.socket, executorService(endpointsOf(executor), log));
const metrics = metricsOf(`v${executorPackage.version}`);
const sources = metricSources(executor);
const metricsServer = await serveMetrics({
  listen: options.metricsListen,
  ...(options.tls && { tls: options.tls }),
  authorization: scraperAuthorization(client),
  contentType,
  scrape: () => exposition(metrics, sources),
  log,
});
await executor.synced;
log.info({ metrics: options.metricsListen, socket: options.socket }, "ready");

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end(signal));

function end(signal: string): void {
  log.info({ signal }, "ending; guests go on running");
  metricsServer.close();
  socket.close();
  // What is under way may be cut short anywhere: the next start takes it up again.
  void executor.close();
  setTimeout(() => process.exit(0), 500).unref();
}

function metricSources({ node, copies, settings, sessions }: Executor): MetricSources {
  const onError = (podUid: string, err: unknown): void =>
    // A launcher that is not connected is starting or ending: ordinary.
    log[err instanceof ExecutorError ? "debug" : "warn"]({ podUid, err }, "no figures from a launcher");
  return {
    node,
    settings,
    vmis: () => copies.all(),
    samples: samples({ onError }),
    launcherOf: (vmi) => {
      const session = sessions.ofVmi(vmi);
      if (!session) return undefined;
      const { pod, podUid, launcher } = session;
      return { pod, podUid, domain: launcher.domain, stats: async () => launcher.stats() };
    },
  };
}
