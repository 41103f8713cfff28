// The executor of one node: what it watches, and the one loop from a change to what is done about it.
import {
  isFinal,
  type KubeVirt,
  kubeVirts,
  launcherPodName,
  launcherSelector,
  virtualMachineInstances,
  vmiOfLauncherPod,
} from "@knvirt/api";
import { type Change, type Client, inform, type Key, keyOf, keyText, type Pod, pods } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import { act, type Hands } from "./act.ts";
import { openCapabilities } from "./capabilities.ts";
import { eventRecorder } from "./events.ts";
import { Launcher } from "./launchers.ts";
import { isRunning, observe } from "./observe.ts";
import { keyedQueue, type Queue } from "./queue.ts";
import { reconcile } from "./reconcile.ts";
import { type Sessions, sessions } from "./sessions.ts";
import { type VmiCopies, vmiCopies } from "./vmi-copies.ts";

export interface ExecutorOptions {
  client: Client;
  node: string;
  /** The kubelet's pods directory. */
  podsDir: string;
  stateDir: string;
  /** Where the node's /dev is seen. */
  devDir: string;
  log: Logger;
}

export interface Executor {
  readonly node: string;
  readonly podsDir: string;
  readonly sessions: Sessions;
  readonly copies: VmiCopies;
  /** Resolves once everything that exists has been seen. */
  readonly synced: Promise<void>;
  settings(): KubeVirt | undefined;
  /** Its launcher is on this node, or may be: not everything was seen yet. */
  isExpected(vmi: Key): boolean;
  /** Ends our part. Guests, pods and launchers stay as they are. */
  close(): Promise<void>;
}

export function startExecutor(options: ExecutorOptions): Executor {
  const { client, node, podsDir, log } = options;
  const open = sessions();
  const copies = vmiCopies(client);
  const queue = keyedQueue({
    run: looking(options, open, copies),
    onError: (err, pod) => log.warn({ pod, err }, "looking after a pod failed: it is tried again"),
  });
  const onError = (err: unknown): void => log.warn({ err }, "the API server cannot be watched: it is tried again");
  const podWatch = inform(client, pods, {
    labelSelector: launcherSelector,
    fieldSelector: `spec.nodeName=${node}`,
    onChange: podChange({ podsDir, open, copies, queue }),
    onError,
  });
  const vmiWatch = inform(client, virtualMachineInstances, {
    fieldSelector: `status.nodeName=${node}`,
    onChange: (change) => {
      copies.onChange(change);
      const { namespace, name } = change.object.metadata;
      queue.add(keyText({ namespace, name: launcherPodName(name) }));
    },
    onError,
  });
  const settingsWatch = inform(client, kubeVirts, { onError });
  const watches = [podWatch, vmiWatch, settingsWatch];
  const seen = { all: false };
  const synced = Promise.all(watches.map(({ synced }) => synced)).then(() => {
    seen.all = true;
  });
  return {
    node,
    podsDir,
    sessions: open,
    copies,
    synced,
    settings: () => settingsWatch.all()[0],
    isExpected: (key) => {
      const vmi = copies.get(key);
      return !seen.all || (vmi?.status?.nodeName === node && !isFinal(vmi));
    },
    close: async () => {
      for (const watch of watches) watch.stop();
      for (const pod of podWatch.all()) open.close(keyText(keyOf(pod)));
      await queue.close();
    },
  };
}

/** Observe, reconcile, act: for the one pod of the key. */
function looking({ client, node, stateDir, devDir, log }: ExecutorOptions, open: Sessions, copies: VmiCopies) {
  const now = () => new Date();
  const capabilities = openCapabilities(stateDir);
  const hands: Hands = { client, copies, capabilities, devDir, recorder: eventRecorder(client, node, now), log, now };
  return async (podKey: string): Promise<number | undefined> => {
    const session = open.get(podKey);
    if (!session) return undefined;
    const actions = reconcile(await observe({ node, copies, now }, session));
    return act(hands, session, actions);
  };
}

interface PodChangeWiring {
  podsDir: string;
  open: Sessions;
  copies: VmiCopies;
  queue: Queue;
}

/** A session lives as long as its pod runs; its launcher's news are news of the pod. */
function podChange({ podsDir, open, copies, queue }: PodChangeWiring) {
  return ({ type, object: pod }: Change<Pod>): void => {
    const podKey = keyText(keyOf(pod));
    const vmi = vmiOfLauncherPod(keyOf(pod));
    const podUid = pod.metadata.uid;
    if (!vmi || !podUid) return;
    if (type === "deleted" || !isRunning(pod)) {
      open.close(podKey);
      copies.forget(vmi);
      return;
    }
    const session = open.get(podKey);
    if (session?.podUid === podUid) session.pod = pod;
    else {
      const launcher = new Launcher({ podsDir, podUid }, () => queue.add(podKey));
      open.open(podKey, { pod, podUid, vmi, launcher });
    }
    queue.add(podKey);
  };
}
