// The process that is Kubernetes on this machine: API server, garbage collection, scheduler, pod runner, event source.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import {
  definitionsOf,
  deliverEvent,
  type EventDeliveryOptions,
  openLine,
  startEventSource,
  watchedBy,
} from "@knvirt/functions";
import { accessFromKubeconfig, type Client, connectClient } from "@knvirt/kubernetes";
import pino from "pino";
import { type PodLog, startApiServer } from "./apiserver/index.ts";
import { kubeconfigOf, socketOf } from "./control-plane.ts";
import { type Faults, withFaults } from "./event-faults.ts";
import { openImageStore } from "./images/index.ts";
import { launcherImage, launcherImageDefinition } from "./launcher-image.ts";
import { ensureHostImage, instanceAt, readLog, startPodRunner, startStorage } from "./pod-runner/index.ts";
import { startScheduler } from "./scheduler/index.ts";
import { dataDirOf, imagesDir, programsDir, type Settings, settingsAt } from "./settings.ts";
import { tokensOf, writeKubeconfigs } from "./users.ts";

// Patterns come from definitions that users write: one that backtracks for ever is handed to V8's linear engine.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

// Without a serializer an error is logged without its message: it is no enumerable property.
const log = pino({ name: "cluster", serializers: { error: pino.stdSerializers.err } });
const settings = await settingsAt(dataDirOf(process.env));
const instance = instanceAt(settings.dataDir);
const pauseMs = 2_000;

const podLog: PodLog = ({ pod, container, ...options }) =>
  readLog(instance, { uid: pod.metadata.uid ?? "", container }, definedOnly(options));

await serveApi(settings);
sendEvents(settings);
await Promise.all([
  untilItWorks("scheduler", () => runScheduler(settings)),
  untilItWorks("pod runner", () => runPods(settings)),
  untilItWorks("storage", () => runStorage(settings)),
]);
log.info("cluster is ready");
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));

async function serveApi({ dataDir, ports }: Settings): Promise<void> {
  const tokens = tokensOf(settings);
  const serviceSockets = { "knvirt/gateway": socketOf(settings, "gateway") };
  const server = await startApiServer({ dataDir, port: ports.api, tokens, serviceSockets, podLog, log });
  writeKubeconfigs(settings, server, tokens);
}

/** The API server goes on meanwhile: a disk that is full, say, must not take it away from whoever makes room. */
async function untilItWorks(part: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      log.error({ part, error }, "part cannot start: tried again");
      await sleep(pauseMs);
    }
  }
}

async function runScheduler(of: Settings): Promise<void> {
  await startScheduler({ client: clientOf(of, "scheduler"), log });
}

async function runPods(of: Settings): Promise<void> {
  await ensureHostImage(instance, launcherImageDefinition(programsDir(of.dataDir)));
  const images = openImageStore(imagesDir(of.dataDir));
  await startPodRunner({ instance, client: clientOf(of, "pod-runner"), nodeName: of.nodeName, images, log });
}

async function runStorage(of: Settings): Promise<void> {
  await startStorage({ instance, client: clientOf(of, "pod-runner"), log });
}

function sendEvents(of: Settings): void {
  const delivery: EventDeliveryOptions = {
    line: openLine({ socketPath: socketOf(of, "functions") }),
    sender: "knvirt.dev/standalone",
    newId: randomUUID,
    onDropped: ({ type, reference }, error) => log.warn({ type, reference, error }, "event dropped"),
  };
  // For tests: shares of events that are lost, doubled or held back, such as {"drop":1}.
  const faults = JSON.parse(process.env.KNVIRT_EVENT_FAULTS ?? "{}") as Partial<Faults>;
  startEventSource({
    client: clientOf(of, "event-source"),
    watched: watchedBy(definitionsOf({ launcher: { image: launcherImage } })),
    deliver: withFaults((change) => void deliverEvent(delivery, change), faults),
    tellsExisting: true,
    onError: (error) => log.warn({ error }, "objects cannot be watched for events"),
  });
}

function clientOf(of: Settings, user: string): Client {
  return connectClient(accessFromKubeconfig(kubeconfigOf(of, user)), `knvirt-${user}`);
}

function definedOnly<T extends object>(options: T) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
