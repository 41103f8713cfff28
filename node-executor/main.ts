// The node executor's process: options in, watches, gRPC and metrics up, until a signal ends it. Guests do not notice.
import { connectClient, defaultAccess, scraperAuthorization } from "@knvirt/kubernetes";
import { pino } from "pino";
import { authenticatedBy, callerAuthorization } from "./caller-authorization.ts";
import { startDevicePlugins } from "./device-plugins/index.ts";
import { endpointsOf } from "./endpoints.ts";
import { ExecutorError } from "./errors.ts";
import { type Executor, startExecutor } from "./executor.ts";
import { publishedIdentity } from "./identity.ts";
import { launchersIn } from "./launchers.ts";
import { listenOnNetwork, listenOnSocket } from "./listen.ts";
import { exposition, type MetricSources } from "./metrics/collect.ts";
import { metricsOf } from "./metrics/index.ts";
import { samples } from "./metrics/samples.ts";
import { contentType } from "./metrics/text-format.ts";
import { serveMetrics } from "./metrics-server.ts";
import { type NodeReport, reportNode } from "./node/report.ts";
import { nodeHost } from "./node-host.ts";
import { parseOptions } from "./options.ts";
import executorPackage from "./package.json" with { type: "json" };
import { executorService } from "./server.ts";
import { withEvents } from "./verb-events.ts";
import { verbsOf } from "./verbs.ts";

/** The end waits so long for the API server. */
const lastWordMs = 3_000;

const options = parseOptions(process.argv.slice(2));
const log = pino({
  level: process.env.LOG_LEVEL || "info",
  base: { component: "node-executor", node: options.nodeName },
});
const client = connectClient(await defaultAccess(), "knvirt-executor");
const identity = publishedIdentity(new Date());
const seen = { all: false };
/** Of the node; once everything was seen. */
let report: NodeReport | undefined;
const executor = startExecutor({
  client,
  node: options.nodeName,
  host: nodeHost(options),
  connect: launchersIn(options.podsDir),
  log,
});
const ways = await openWays();
const metrics = metricsOf(`v${executorPackage.version}`);
const sources = metricSources(executor);
const metricsServer = await serveMetrics({
  listen: options.metricsListen,
  tls: options.tls ?? identity,
  scrapes: {
    authorization: scraperAuthorization(client),
    contentType,
    text: () => exposition(metrics, sources),
    onError: (err) => log.warn({ err }, "a scrape failed"),
  },
  isReady,
});
const plugins =
  options.devicePlugins &&
  startDevicePlugins({ ...options.devicePlugins, devDir: options.devDir, onChange: () => report?.look(), log });
await executor.synced;
seen.all = true;
report = reportNode({
  client,
  node: options.nodeName,
  facts: (now) => {
    const certificates = identity.toPublish(now);
    // Nobody connects from elsewhere: nobody has to know it first.
    if (!options.network) identity.published(certificates);
    return { isSchedulable: isReady(), certificates: options.network && certificates };
  },
  onTold: ({ certificates = "" }) => identity.published(certificates),
  log,
});
log.info({ metrics: options.metricsListen, socket: options.socket, network: options.network?.address }, "ready");

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void end(signal));

/** Everything that exists was seen, and the kubelet counts on our devices. */
function isReady(): boolean {
  return seen.all && (plugins?.areRegistered ?? true);
}

async function openWays() {
  const service = executorService({
    endpoints: endpointsOf({ ...executor, podsDir: options.podsDir }),
    verbs: withEvents(verbsOf(executor), executor),
    log,
  });
  const { socket, network } = options;
  const authorization = network && callerAuthorization({ client, user: network.gatewayUser, log });
  return Promise.all([
    ...(socket ? [listenOnSocket(socket, service)] : []),
    ...(network && authorization
      ? [
          listenOnNetwork(
            { address: network.address, identity, authenticated: authenticatedBy(authorization) },
            service,
          ),
        ]
      : []),
  ]);
}

async function end(signal: string): Promise<void> {
  log.info({ signal }, "ending; guests go on running");
  setTimeout(() => process.exit(0), lastWordMs).unref();
  await report
    ?.close()
    .catch((err: unknown) => log.warn({ err }, "the API was not told that the node's executor ends"));
  plugins?.close();
  metricsServer.close();
  for (const way of ways) way.close();
  // What is under way may be cut short anywhere: the next start takes it up again.
  void executor.close();
  setTimeout(() => process.exit(0), 500).unref();
}

function metricSources({ node, copies, settings, sessions, lifecycle }: Executor): MetricSources {
  const onError = (podUid: string, err: unknown): void =>
    // A launcher that is not connected is starting or ending: ordinary.
    log[err instanceof ExecutorError ? "debug" : "warn"]({ podUid, err }, "no figures from a launcher");
  return {
    node,
    settings,
    vmis: () => copies.all(),
    samples: samples({ onError }),
    lifecycle: () => lifecycle.counts(),
    launcherOf: (vmi) => {
      const session = sessions.ofVmi(vmi);
      if (!session) return undefined;
      const { pod, podUid, launcher } = session;
      return { pod, podUid, domain: launcher.domain, stats: async () => launcher.stats() };
    },
  };
}
