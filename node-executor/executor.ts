// The executor of one node: what it watches, and the one loop from a change to what is done about it.
import { isFinal, type KubeVirt, kubeVirts } from "@knvirt/api";
import {
  allowance,
  type Client,
  type Clock,
  inform,
  type Key,
  keyOf,
  keyText,
  systemClock,
} from "@knvirt/kubernetes";
import { act, type Hands, statusRate } from "./act.ts";
import { eventRecorder, type Recorder } from "./events.ts";
import { type GuestParts, guestWatches } from "./guest-watches.ts";
import type { Host } from "./host.ts";
import type { Connect } from "./launcher-connection.ts";
import type { Courier } from "./lifecycle/delivery.ts";
import { type Lifecycle, openLifecycle } from "./lifecycle/index.ts";
import type { Log } from "./log.ts";
import { observe } from "./observe.ts";
import { keyedQueue } from "./queue.ts";
import { reconcile } from "./reconcile.ts";
import { type Sessions, sessions } from "./sessions.ts";
import { type VmiCopies, vmiCopies } from "./vmi-copies.ts";

export interface ExecutorOptions {
  client: Client;
  node: string;
  host: Host;
  connect: Connect;
  log: Log;
  clock?: Clock;
  /** The way to the sink of lifecycle events: HTTP unless it is given. */
  courier?: Courier;
}

type WithClock = ExecutorOptions & { clock: Clock };

export interface Executor {
  readonly node: string;
  readonly sessions: Sessions;
  readonly copies: VmiCopies;
  readonly lifecycle: Lifecycle;
  /** All events about an instance are written by it, so that what is allowed is allowed once. */
  readonly recorder: Recorder;
  /** Resolves once everything that exists has been seen. */
  readonly synced: Promise<void>;
  settings(): KubeVirt | undefined;
  /** Its launcher is on this node, or may be: not everything was seen yet. */
  isExpected(vmi: Key): boolean;
  /** Ends our part. Guests, pods and launchers stay as they are. */
  close(): Promise<void>;
}

export function startExecutor({ clock = systemClock, ...given }: ExecutorOptions): Executor {
  const options = { ...given, clock };
  const { client, node, log } = options;
  const recorder = eventRecorder({ client, node, clock, log });
  const onError = (err: unknown): void => log.warn({ err }, "the API server cannot be watched: it is tried again");
  const settingsWatch = inform(client, kubeVirts, { onError, clock });
  const settings = (): KubeVirt | undefined => settingsWatch.all()[0];
  const [open, copies, seen] = [sessions(), vmiCopies(client), { all: false }];
  const lifecycle = lifecycleBy(options, settings, settingsWatch.synced);
  const queue = keyedQueue({
    run: looking(options, { open, copies, lifecycle, recorder }),
    onError: (err, pod) => log.warn({ pod, err }, "looking after a pod failed: it is tried again"),
    clock,
  });
  const { podWatch, vmiWatch } = guestWatches(options, { open, copies, lifecycle, queue, onError });
  const watches = [podWatch, vmiWatch, settingsWatch];
  const synced = Promise.all(watches.map(({ synced }) => synced)).then(() => {
    seen.all = true;
    lifecycle.keepOnly((podUid) => podWatch.all().some(({ metadata }) => metadata.uid === podUid));
  });
  return {
    node,
    sessions: open,
    copies,
    lifecycle,
    recorder,
    synced,
    settings,
    isExpected: (key) => {
      const vmi = copies.get(key);
      return !seen.all || (vmi?.status?.nodeName === node && !isFinal(vmi));
    },
    close: async () => {
      for (const watch of watches) watch.stop();
      for (const pod of podWatch.all()) open.close(keyText(keyOf(pod)));
      await queue.close();
      await lifecycle.close();
    },
  };
}

const lifecycleBy = (options: WithClock, settings: () => KubeVirt | undefined, ready: Promise<void>): Lifecycle =>
  openLifecycle({
    ...options,
    cursorFile: options.host.cursors,
    sink: () => settings()?.spec?.configuration?.lifecycleEvents?.sink,
    ready,
  });

/** Observe, reconcile, act: for the one pod of the key. */
function looking(options: WithClock, parts: GuestParts & Pick<Executor, "recorder">) {
  const { client, node, host, log, clock } = options;
  const { open, copies, lifecycle, recorder } = parts;
  const statusAllowance = allowance(statusRate, () => clock.elapsedMs());
  const hands: Hands = { client, copies, host, recorder, lifecycle, statusAllowance, log, clock };
  const sources = { node, copies, newsOf: lifecycle.newsOf, clock };
  return async (podKey: string): Promise<number | undefined> => {
    const session = open.get(podKey);
    if (!session) return undefined;
    const actions = reconcile(await observe(sources, session));
    return act(hands, session, actions);
  };
}
