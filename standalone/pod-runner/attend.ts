// One look at one pod: what reconcile decides is carried out.
import { hasMoved, keyOf, type Pod, pods } from "@knvirt/kubernetes";
import { asPodError, type PodError } from "./errors.ts";
import { type MachinePod, observePod } from "./observe.ts";
import { forgetPod, killPod, releasePod, terminatePod } from "./pod-end.ts";
import { startPod } from "./pod-start.ts";
import { type Action, reconcile } from "./reconcile.ts";
import { applyStatus, type Shell } from "./shell.ts";
import { troubleAfter } from "./trouble.ts";

/** After a failure that says nothing about the pod itself, such as an API server that is away. */
const pauseMs = 2_000;

export async function attend(shell: Shell, uid: string): Promise<void> {
  try {
    const machine = await observePod(shell.host.instance, uid);
    const pod = shell.known.get(uid);
    shell.prober.follow(uid, pod, machine);
    const facts = { trouble: shell.troubles.get(uid), verdicts: shell.prober.verdicts(uid), hostIP: shell.hostIP };
    for (const action of reconcile({ pod, machine, ...facts, now: new Date() }))
      await carryOut(shell, { uid, action, machine });
    if (!pod && !machine) await forget(shell, uid);
  } catch (error) {
    if (hasMoved(error)) return; // the watch brings what has changed
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
  applyStatus: (shell, { action: { pod, status } }) => applyStatus(shell, pod, status),
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
