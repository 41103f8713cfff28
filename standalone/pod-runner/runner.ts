// The pod runner as a whole: what it follows, the API's pods and the machine's containers, and what it works with.
import { watch } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { type Client, configMaps, type Informer, inform, type Pod, pods, secrets } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import type { ImageStore } from "../images/index.ts";
import { attend } from "./attend.ts";
import { claimAccess } from "./claims.ts";
import { eventRecorder } from "./events.ts";
import { execInContainer } from "./exec.ts";
import { type Instance, podDirectory } from "./instance.ts";
import { ensureNetwork } from "./network.ts";
import { machineAddress, observeNode, registerNode } from "./node.ts";
import { podUids } from "./observe.ts";
import type { SeccompProfile } from "./oci/seccomp.ts";
import { Prober, tellUnhealthy } from "./probes/index.ts";
import { tellPull } from "./pull-news.ts";
import { prepareRuntime } from "./runtime.ts";
import { remember, type Shell } from "./shell.ts";
import { startWorkers } from "./worker.ts";

export interface PodRunnerOptions {
  instance: Instance;
  client: Client;
  nodeName: string;
  images: ImageStore;
  log: Logger;
}

export interface PodRunner {
  /** Stops looking after the pods; they go on. */
  stop(): Promise<void>;
}

const seccompFile = "/usr/share/containers/seccomp.json";
/** Exits are told at once; this finds what was told to nobody, such as the end of a killed monitor's container. */
const resyncMs = 10_000;

export async function startPodRunner(options: PodRunnerOptions): Promise<PodRunner> {
  const { instance, client, nodeName, log } = options;
  await mkdir(instance.podsDir, { recursive: true, mode: 0o700 });
  const [place] = await Promise.all([
    machinePlace(options),
    observeNode(nodeName, instance.dataDir).then((facts) => registerNode(client, facts)),
  ]);
  const shell = shellOf(options, place);
  const informer = followPods(shell, nodeName);
  await informer.synced;
  const pokeAll = async () => {
    for (const uid of new Set([...shell.known.keys(), ...(await podUids(instance))])) shell.workers.poke(uid);
  };
  const exits = watch(instance.exitsDir, (_, id) => id && shell.workers.poke(id.split("_")[0] ?? ""));
  const resync = setInterval(
    () => void pokeAll().catch((error) => log.error({ error }, "pods cannot be listed")),
    resyncMs,
  );
  await pokeAll();
  return {
    stop: async () => {
      clearInterval(resync);
      exits.close();
      informer.stop();
      await shell.workers.stop();
      shell.prober.stop();
    },
  };
}

function shellOf({ instance, client, nodeName, log }: PodRunnerOptions, place: Place): Shell {
  const shell: Shell = {
    ...{ client, log, hostIP: machineAddress(), recordEvent: eventRecorder(client, nodeName) },
    ...{ known: new Map(), troubles: new Map(), starts: new Map() },
    workers: startWorkers((uid) => attend(shell, uid)),
    prober: new Prober({
      exec: (exec) => execInContainer(instance, place.runtime, exec),
      podDir: (uid) => podDirectory(instance, uid),
      onChange: (uid) => shell.workers.poke(uid),
      onFailure: (pod, message) => void tellUnhealthy(shell, pod, message),
    }),
    host: {
      ...place,
      secret: (namespace, name) => client.find(secrets, { namespace, name }),
      configMap: (namespace, name) => client.find(configMaps, { namespace, name }),
      claims: claimAccess(client),
      onPull: (pod, reference, progress) => void tellPull(shell, pod, { reference, progress }),
    },
  };
  return shell;
}

type Place = Awaited<ReturnType<typeof machinePlace>>;

async function machinePlace({ instance, images }: PodRunnerOptions) {
  const [network, runtime, profile] = await Promise.all([
    ensureNetwork(instance),
    prepareRuntime(instance),
    readFile(seccompFile, "utf8"),
  ]);
  return { instance, network, runtime, images, seccompProfile: JSON.parse(profile) as SeccompProfile };
}

function followPods(shell: Shell, nodeName: string): Informer<Pod> {
  return inform(shell.client, pods, {
    fieldSelector: `spec.nodeName=${nodeName}`,
    onError: (error) => shell.log.warn({ error }, "pods cannot be watched"),
    onChange: ({ type, object }) => {
      const uid = object.metadata.uid ?? "";
      if (type === "deleted") shell.known.delete(uid);
      else remember(shell, object);
      if (type === "deleted" || object.metadata.deletionTimestamp !== undefined) shell.starts.get(uid)?.abort();
      shell.workers.poke(uid);
    },
  });
}
