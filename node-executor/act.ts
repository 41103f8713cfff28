// Decisions carried out. Each of them may be done again, or be cut short at any moment, and the next look puts it right.
import { deviceResource, launcherContainer, type VirtualMachineInstance, virtualMachineInstances } from "@knvirt/api";
import {
  type Allowance,
  type Client,
  type Clock,
  isConflict,
  isNotFound,
  keyOf,
  keyText,
  type Pod,
} from "@knvirt/kubernetes";
import type { CacheFile } from "@knvirt/proto";
import type { Emulator } from "./capabilities.ts";
import { failureOf } from "./errors.ts";
import { component, type Recorder } from "./events.ts";
import type { Host } from "./host.ts";
import type { Lifecycle } from "./lifecycle/index.ts";
import { kinds } from "./lifecycle/kinds.ts";
import type { Log } from "./log.ts";
import { type Action, startPatienceMs } from "./reconcile.ts";
import type { Session } from "./sessions.ts";
import type { VmiCopies } from "./vmi-copies.ts";

export interface Hands {
  client: Client;
  copies: VmiCopies;
  host: Host;
  recorder: Recorder;
  lifecycle: Pick<Lifecycle, "told">;
  /** By the uid of an instance. */
  statusAllowance: Allowance;
  log: Log;
  clock: Clock;
}

/** Far more than a guest's life takes. Its agent comes, goes and says something else as often as the guest likes. */
export const statusRate = { atOnce: 20, oneInMs: 2_000 };

/** Answers after how many milliseconds to look again; undefined when something will happen that calls for it. */
export async function act(hands: Hands, session: Session, actions: Action[]): Promise<number | undefined> {
  let lookAgain: number | undefined;
  for (const action of actions) {
    const wait = await verbs[action.verb](hands, session, action as never);
    if (wait !== undefined) lookAgain = Math.min(lookAgain ?? Number.POSITIVE_INFINITY, wait);
    if (wait === 0) break; // what the rest was decided on no longer holds
  }
  return lookAgain;
}

const hurryAgainMs = 1_000;

type Of<Verb extends Action["verb"]> = Extract<Action, { verb: Verb }>;
type Verbs = {
  [Verb in Action["verb"]]: (hands: Hands, session: Session, action: Of<Verb>) => Promise<number | undefined>;
};

const verbs: Verbs = {
  lookAgain: async (_hands, _session, { milliseconds }) => milliseconds,

  prepareNetwork: (hands, session, { vmi }) =>
    attempt(hands, session, async () => {
      session.interfaces = await hands.host.prepareNetwork(session.podUid, vmi);
      return undefined;
    }),

  startDomain: (hands, session, { vmi }) =>
    attempt(hands, session, async () => {
      const emulation = !hasKvm(session.pod);
      const { unpackedAt, smallDisks } = await hands.host.prepareLauncher(session.podUid, vmi, session.pod);
      for (const message of smallDisks)
        hands.recorder.mention(vmi, { type: "Normal", reason: "ToleratedSmallPV", message });
      await session.launcher.start({
        vmi: JSON.stringify({ ...vmi, metadata: { ...vmi.metadata, managedFields: undefined } }),
        emulation,
        capabilitiesCache: await capabilitiesFor(hands, session, { emulation, unpackedAt }),
        interfaces: session.interfaces ?? [],
      });
      session.startedAtMs = hands.clock.elapsedMs();
      delete session.failure;
      return startPatienceMs; // what follows is told by the launcher, unless nothing does
    }),

  applyStatus: async ({ client, copies, statusAllowance, log }, session, { vmi, status }) => {
    const { resourceVersion: toldOfPod } = session.pod.metadata;
    const { apiVersion, kind, metadata } = vmi;
    const { namespace, name, uid = "", resourceVersion = "" } = metadata;
    const wait = statusAllowance(uid);
    if (wait > 0) return wait;
    const decidedOn = { apiVersion, kind, metadata: { namespace, name, resourceVersion }, status };
    try {
      const options = { manager: component, force: true, subresource: "status" } as const;
      copies.keep(await client.apply<VirtualMachineInstance>(virtualMachineInstances, decidedOn, options));
      if (toldOfPod) session.toldOfPod = toldOfPod;
      log.info({ vmi: keyText(keyOf(vmi)), phase: status.phase }, "status written");
      return undefined;
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      await copies.fetch(keyOf(vmi)); // the world moved between observing and writing: decide again
      return 0;
    }
  },

  hurry: async ({ log }, session, { until, graceSeconds }) => {
    try {
      await session.launcher.ask("shutdown", { graceSeconds });
      session.hurriedUntil = until;
      return undefined;
    } catch (err) {
      log.warn({ vmi: keyText(session.vmi), err }, "the guest could not be given less time yet");
      return hurryAgainMs;
    }
  },

  recordFailure: async ({ recorder }, session, { vmi, failure: { reason, message } }) => {
    await recorder.record(vmi, { type: "Warning", reason: "SyncFailed", message: `${reason}: ${message}` });
    if (session.failure) session.failure.isReported = true;
    return undefined;
  },

  tell: async ({ recorder, lifecycle }, session, { vmi, news }) => {
    for (const happened of news) {
      const event = kinds[happened.kind].event?.(happened);
      if (event) await recorder.record(vmi, event);
      lifecycle.told(session, happened.sequence);
    }
    return undefined;
  },
};

/** A failure is remembered, and what it means is decided at the next look, which comes at once. */
async function attempt(
  { log, clock }: Hands,
  session: Session,
  step: () => Promise<number | undefined>,
): Promise<number | undefined> {
  try {
    return await step();
  } catch (error) {
    const { reason, message } = failureOf(error);
    log.warn({ vmi: keyText(session.vmi), reason, err: error }, "the guest could not be started yet");
    const count = (session.failure?.count ?? 0) + 1;
    session.failure = { reason, message, atMs: clock.elapsedMs(), count, isReported: false };
    return 0;
  }
}

/** What the pod was given decides, not what the settings say by now. */
const hasKvm = ({ spec }: Pod): boolean =>
  spec.containers.find(({ name }) => name === launcherContainer)?.resources?.limits?.[deviceResource.kvm] !==
  undefined;

/** Without them the guest starts all the same, half a second later. */
async function capabilitiesFor({ host, log }: Hands, session: Session, emulator: Omit<Emulator, "imageId">) {
  const { pod, launcher } = session;
  const container = pod.status?.containerStatuses?.find(({ name }) => name === launcherContainer);
  const imageId = container?.imageID || container?.image || "unknown";
  try {
    return await host.capabilities({ imageId, ...emulator }, () => launcher.probeCapabilities());
  } catch (err) {
    log.warn({ vmi: keyText(session.vmi), err }, "no capabilities are at hand: the launcher finds them out itself");
    return [] satisfies CacheFile[];
  }
}
