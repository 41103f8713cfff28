// The shell around reconcile: it follows the API's pods and the machine's containers, and carries out what was decided.
import { watch } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import {
  type Client,
  configMaps,
  type Informer,
  inform,
  isConflict,
  isNotFound,
  keyOf,
  type Pod,
  pods,
  secrets,
} from "@knvirt/kubernetes";
import type { Logger } from "pino";
import type { ImageStore, PullProgress } from "../images/index.ts";
import { claimAccess } from "./claims.ts";
import { asPodError, type PodError } from "./errors.ts";
import { eventRecorder, type RecordEvent } from "./events.ts";
import { execInContainer } from "./exec.ts";
import { type Instance, podDirectory } from "./instance.ts";
import { ensureNetwork } from "./network.ts";
import { machineAddress, observeNode, registerNode } from "./node.ts";
import { type MachinePod, observePod, podUids } from "./observe.ts";
import type { SeccompProfile } from "./oci/seccomp.ts";
import { forgetPod, killPod, releasePod, terminatePod } from "./pod-end.ts";
import { type PodHost, startPod } from "./pod-start.ts";
import { Prober, tellUnhealthy } from "./probes/index.ts";
import { type Action, reconcile } from "./reconcile.ts";
import { prepareRuntime } from "./runtime.ts";
import { podStatus } from "./status.ts";
import { type Trouble, troubleAfter } from "./trouble.ts";
import { startWorkers, type Workers } from "./worker.ts";

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
const manager = "knvirt-pod-runner";
/** Exits are told at once; this finds what was told to nobody, such as the end of a killed monitor's container. */
const resyncMs = 10_000;
/** After a failure that says nothing about the pod itself, such as an API server that is away. */
const pauseMs = 2_000;

export async function startPodRunner(options: PodRunnerOptions): Promise<PodRunner> {
  const { instance, client, nodeName, log } = options;
  await mkdir(instance.podsDir, { recursive: true, mode: 0o700 });
  const [place] = await Promise.all([
    machinePlace(options),
    observeNode(nodeName, instance.dataDir).then((facts) => registerNode(client, facts)),
  ]);
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

interface Shell {
  host: PodHost;
  client: Client;
  log: Logger;
  hostIP: string;
  recordEvent: RecordEvent;
  workers: Workers;
  prober: Prober;
  /** The API's pods of this node, by uid, as new as we know them. */
  known: Map<string, Pod>;
  troubles: Map<string, Trouble>;
  /** Starts under way, to be given up when their pod is to end. */
  starts: Map<string, AbortController>;
}

async function machinePlace({ instance, images }: PodRunnerOptions) {
  const [network, runtime, profile] = await Promise.all([
    ensureNetwork(instance),
    prepareRuntime(instance),
    readFile(seccompFile, "utf8"),
  ]);
  return { instance, network, runtime, images, seccompProfile: JSON.parse(profile) as SeccompProfile };
}

/** A pull can take minutes: users see that it goes on. Whether they could be told does not matter to the pull. */
async function tellPull(
  shell: Shell,
  pod: Pod,
  { reference, progress }: { reference: string; progress: PullProgress },
) {
  const { log, hostIP } = shell;
  log.info({ pod: keyOf(pod), reference, ...progress }, "pulling image");
  if (progress.stage !== "copying" || progress.line !== undefined) return;
  const status = podStatus(pod, { machine: undefined, trouble: undefined, verdicts: {}, hostIP, now: new Date() });
  try {
    await shell.recordEvent(pod, { type: "Normal", reason: "Pulling", message: `pulling image ${reference}` });
    await applyStatus(shell, {
      uid: pod.metadata.uid ?? "",
      machine: undefined,
      action: { verb: "applyStatus", pod, status },
    });
  } catch (error) {
    log.warn({ pod: keyOf(pod), error }, "pull cannot be told");
  }
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

/** A watch may tell of a state older than the answer to our own write. */
function remember({ known }: Shell, pod: Pod): void {
  const present = known.get(pod.metadata.uid ?? "");
  if (present && versionOf(present) > versionOf(pod)) return;
  known.set(pod.metadata.uid ?? "", pod);
}

const versionOf = ({ metadata }: Pod): number => Number(metadata.resourceVersion ?? 0);

async function attend(shell: Shell, uid: string): Promise<void> {
  try {
    const machine = await observePod(shell.host.instance, uid);
    const pod = shell.known.get(uid);
    shell.prober.follow(uid, pod, machine);
    const facts = { trouble: shell.troubles.get(uid), verdicts: shell.prober.verdicts(uid), hostIP: shell.hostIP };
    for (const action of reconcile({ pod, machine, ...facts, now: new Date() }))
      await carryOut(shell, { uid, action, machine });
    if (!pod && !machine) await forget(shell, uid);
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return; // the watch brings what has changed
    shell.log.error({ uid, error }, "pod cannot be attended to");
    shell.workers.pokeAt(uid, new Date(Date.now() + pauseMs));
  }
}

interface Step<Verb extends Action["verb"] = Action["verb"]> {
  uid: string;
  action: Extract<Action, { verb: Verb }>;
  machine: MachinePod | undefined;
}

/** One row per verb: an action added to reconcile does not compile until it has a row here. */
const acts: { [Verb in Action["verb"]]: (shell: Shell, step: Step<Verb>) => unknown } = {
  start,
  applyStatus,
  lookAgain: ({ workers }, { uid, action }) => workers.pokeAt(uid, action.at),
  terminate: ({ host }, { machine, action }) => machine && terminatePod(host, machine, action.killAt),
  kill: (_, { machine }) => machine && killPod(machine),
  release: ({ host }, { machine }) => machine && releasePod(host, machine),
  forget: (shell, { uid }) => forget(shell, uid),
  deleteObject: ({ client }, { uid, action }) =>
    client.delete(pods, keyOf(action.pod), { uid, gracePeriodSeconds: 0 }),
};

const carryOut = async (shell: Shell, step: Step): Promise<void> => {
  await (acts[step.action.verb] as (shell: Shell, step: Step) => unknown)(shell, step);
};

async function forget({ host, troubles }: Shell, uid: string): Promise<void> {
  troubles.delete(uid);
  await forgetPod(host, uid);
}

async function start(shell: Shell, { uid, action: { pod, containers } }: Step<"start">): Promise<void> {
  const giveUp = new AbortController();
  shell.starts.set(uid, giveUp);
  try {
    await startPod(shell.host, { pod, containers, signal: giveUp.signal });
    shell.troubles.delete(uid);
  } catch (error) {
    if (!giveUp.signal.aborted) await noteTrouble(shell, pod, asPodError(error, "RunContainerError"));
  } finally {
    shell.starts.delete(uid);
  }
  shell.workers.poke(uid);
}

/** Events the kubelet calls by the reason, and those it all calls Failed. */
const ownEvents = ["FailedMount", "FailedCreatePodSandBox"];

async function noteTrouble(shell: Shell, pod: Pod, error: PodError): Promise<void> {
  const uid = pod.metadata.uid ?? "";
  shell.log.warn({ pod: keyOf(pod), reason: error.reason, error }, "pod cannot be started");
  shell.troubles.set(uid, troubleAfter(shell.troubles.get(uid), error, new Date()));
  const reason = ownEvents.includes(error.reason) ? error.reason : "Failed";
  await shell.recordEvent(pod, { type: "Warning", reason, message: error.message });
}

async function applyStatus(shell: Shell, { action: { pod, status } }: Step<"applyStatus">): Promise<void> {
  const { name, namespace = "default", uid = "" } = pod.metadata;
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, uid }, status };
  remember(shell, await shell.client.apply(pods, object, { manager, force: true, subresource: "status" }));
}
