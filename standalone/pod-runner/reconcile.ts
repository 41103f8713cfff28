// What is to be done about one pod, from the API's and the machine's view of it. Pure.
import type { Pod, PodStatus } from "@knvirt/kubernetes";
import type { MachineContainer, MachinePod } from "./observe.ts";
import type { Verdicts } from "./probes/index.ts";
import { restartAt } from "./restart.ts";
import { podStatus, refusedStatus } from "./status.ts";
import type { Trouble } from "./trouble.ts";
import { unsupportedFields } from "./unsupported.ts";

export interface Observed {
  /** As the API has it; undefined when it has no pod of this uid any more. */
  pod: Pod | undefined;
  machine: MachinePod | undefined;
  trouble: Trouble | undefined;
  /** What probes say of its containers. */
  verdicts: Verdicts;
  hostIP: string;
  now: Date;
}

export type Action =
  | { verb: "start"; pod: Pod; containers: ContainerAttempt[] }
  /** Ask all containers to end; they are killed at `killAt`. */
  | { verb: "terminate"; killAt: Date }
  | { verb: "kill" }
  /** Give back network, mounts and volumes; logs stay. */
  | { verb: "release" }
  /** Remove the last traces on this machine. */
  | { verb: "forget" }
  | { verb: "applyStatus"; pod: Pod; status: PodStatus }
  | { verb: "deleteObject"; pod: Pod }
  | { verb: "lookAgain"; at: Date };

export interface ContainerAttempt {
  name: string;
  attempt: number;
}

/** The kubelet's own default. */
const usualGraceSeconds = 30;

export function reconcile(observed: Observed): Action[] {
  const { pod, machine } = observed;
  if (!pod) return machine ? end(observed, { machine, graceSeconds: specGrace(machine.pod) }) : [];
  if (pod.metadata.deletionTimestamp !== undefined) return remove(observed, pod);
  if (isFinal(pod)) return machine && !machine.isReleased ? endThenRelease(observed, machine) : [];
  if (!machine) return admit(observed, pod);
  return [...keepAlive(observed, pod, machine), ...report(observed, pod)];
}

const specGrace = ({ spec }: Pod): number => spec.terminationGracePeriodSeconds ?? usualGraceSeconds;

const isFinal = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

const isAlive = ({ state, pid }: MachineContainer): boolean => state === "running" || pid !== undefined;

const hasLife = (machine: MachinePod): boolean => Object.values(machine.containers).some(isAlive);

/** A container that does not answer its liveness probe is the only one of its pod, and is not started again. */
function keepAlive(observed: Observed, pod: Pod, machine: MachinePod): Action[] {
  const isEnding = machine.killAt || Object.values(observed.verdicts).some(({ isAlive }) => !isAlive);
  if (!isEnding) return startWhatIsDue(observed, pod, machine);
  return hasLife(machine) ? end(observed, { machine, graceSeconds: specGrace(pod) }) : [];
}

/** A pod that the machine knows nothing of: new, impossible here, or one whose traces were lost while it ran. */
function admit(observed: Observed, pod: Pod): Action[] {
  const { trouble, now } = observed;
  const fields = unsupportedFields(pod);
  if (fields.length > 0)
    return refuse(pod, now, {
      reason: "UnsupportedPodSpec",
      message: `pod ${pod.metadata.namespace}/${pod.metadata.name} cannot be run on this machine: ${fields.join(", ")} not supported`,
    });
  if (pod.status?.phase === "Running" && pod.spec.restartPolicy === "Never")
    return refuse(pod, now, {
      reason: "ContainerStatusUnknown",
      message: `pod ${pod.metadata.namespace}/${pod.metadata.name} ran before, and what this machine knew of it is gone`,
    });
  if (trouble && trouble.retryAt > now) return [...report(observed, pod), { verb: "lookAgain", at: trouble.retryAt }];
  return [{ verb: "start", pod, containers: pod.spec.containers.map(({ name }) => ({ name, attempt: 0 })) }];
}

const refuse = (pod: Pod, now: Date, why: { reason: string; message: string }): Action[] => [
  { verb: "applyStatus", pod, status: refusedStatus(pod, why, now) },
];

function startWhatIsDue({ trouble, now }: Observed, pod: Pod, machine: MachinePod): Action[] {
  const due = pod.spec.containers.map(({ name }) => ({ name, ...nextAttempt(pod, machine.containers[name], now) }));
  const containers = due.flatMap(({ name, attempt, at }) =>
    attempt !== undefined && at === undefined ? [{ name, attempt }] : [],
  );
  const later: Action[] = due.flatMap(({ at }) => (at ? [{ verb: "lookAgain" as const, at }] : []));
  if (containers.length === 0) return later;
  if (trouble && trouble.retryAt > now) return [...later, { verb: "lookAgain", at: trouble.retryAt }];
  return [...later, { verb: "start", pod, containers }];
}

/** No attempt: nothing to start. `at`: not before then. */
function nextAttempt(pod: Pod, container: MachineContainer | undefined, now: Date): { attempt?: number; at?: Date } {
  if (!container) return { attempt: 0 };
  if (container.state === "unfinished") return { attempt: container.attempt };
  const at = restartAt(pod, container);
  if (!at) return {};
  return at > now ? { attempt: container.attempt + 1, at } : { attempt: container.attempt + 1 };
}

/** A status is written when it says something new: that it runs, that it ended, or what it is waiting for. */
function report(observed: Observed, pod: Pod): Action[] {
  const { trouble } = observed;
  const status = podStatus(pod, observed);
  const isNews = trouble !== undefined || status.phase !== "Pending";
  return isNews && !saysTheSame(pod.status, status) ? [{ verb: "applyStatus", pod, status }] : [];
}

/** Whether every field we would write is there already. */
function saysTheSame(present: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(present) &&
      wanted.every((item) => present.some((other) => saysTheSame(other, item))) &&
      present.length >= wanted.length
    );
  if (typeof wanted !== "object" || wanted === null) return present === wanted;
  if (typeof present !== "object" || present === null) return false;
  return Object.entries(wanted).every(([field, value]) =>
    saysTheSame((present as Record<string, unknown>)[field], value),
  );
}

function remove(observed: Observed, pod: Pod): Action[] {
  const { machine } = observed;
  const isGoing = pod.metadata.deletionGracePeriodSeconds === 0; // only finalizers keep the object
  const gone: Action[] = isGoing ? [] : [{ verb: "deleteObject", pod }];
  if (!machine) return gone;
  const graceSeconds = pod.metadata.deletionGracePeriodSeconds ?? specGrace(pod);
  const last = hasLife(machine) || isFinal(pod) ? [] : report(observed, pod);
  const ending = end(observed, { machine, graceSeconds });
  const isOver = ending.some(({ verb }) => verb === "forget");
  return isOver ? [...last, { verb: "release" }, ...gone, { verb: "forget" }] : ending;
}

/** Ends what runs, in time; then clears it away. */
function end(observed: Observed, { machine, graceSeconds }: { machine: MachinePod; graceSeconds: number }): Action[] {
  if (!hasLife(machine)) return [{ verb: "release" }, { verb: "forget" }];
  const { now } = observed;
  const wanted = new Date(now.getTime() + graceSeconds * 1000);
  const killAt = machine.killAt && machine.killAt <= wanted ? machine.killAt : wanted;
  if (killAt <= now) return [{ verb: "kill" }, { verb: "lookAgain", at: new Date(now.getTime() + 1000) }];
  const asked: Action[] = machine.killAt === killAt ? [] : [{ verb: "terminate", killAt }];
  return [...asked, { verb: "lookAgain", at: killAt }];
}

/** Its end was told to the API already; what is left of it on the machine goes. */
const endThenRelease = (observed: Observed, machine: MachinePod): Action[] =>
  hasLife(machine) ? end(observed, { machine, graceSeconds: specGrace(machine.pod) }) : [{ verb: "release" }];
