// The status of a pod from what the machine knows of it, in the kubelet's words. Pure.
import type { Condition, Container, ContainerState, ContainerStatus, Pod, PodStatus } from "@knvirt/kubernetes";
import { containerId } from "./instance.ts";
import type { ContainerExit, MachineContainer, MachinePod } from "./observe.ts";
import type { Verdicts } from "./probes/index.ts";
import { qosClass } from "./qos.ts";
import { restartAt } from "./restart.ts";
import { type Trouble, waitingReason } from "./trouble.ts";

export interface StatusFacts {
  machine: MachinePod | undefined;
  trouble: Trouble | undefined;
  verdicts: Verdicts;
  hostIP: string;
  now: Date;
}

export function podStatus(pod: Pod, facts: StatusFacts): PodStatus {
  const { machine, hostIP, now } = facts;
  const containerStatuses = pod.spec.containers.map((container) => containerStatus(pod, container, facts));
  const phase = podPhase(pod, machine);
  const ip = machine?.sandbox?.ip ?? pod.status?.podIP;
  return {
    phase,
    conditions: conditions(pod, { phase, containerStatuses, now }),
    containerStatuses,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(ip !== undefined && { podIP: ip, podIPs: [{ ip }] }),
    startTime: pod.status?.startTime ?? seconds(now.toISOString()),
    qosClass: qosClass(pod),
  };
}

/** A pod that can never run here: its end is told without a container having been made. */
export function refusedStatus(pod: Pod, why: { reason: string; message: string }, now: Date): PodStatus {
  return { phase: "Failed", ...why, startTime: seconds(now.toISOString()), qosClass: qosClass(pod) };
}

function podPhase(pod: Pod, machine: MachinePod | undefined): NonNullable<PodStatus["phase"]> {
  const containers = pod.spec.containers.map(({ name }) => machine?.containers[name]);
  if (!containers.some((container) => container && container.state !== "unfinished")) return "Pending";
  if (!containers.every((container) => container?.exit && !willRestart(pod, container))) return "Running";
  return containers.every((container) => container?.exit?.exitCode === 0) ? "Succeeded" : "Failed";
}

const willRestart = (pod: Pod, container: MachineContainer): boolean =>
  pod.metadata.deletionTimestamp === undefined && restartAt(pod, container) !== undefined;

function containerStatus(pod: Pod, wanted: Container, facts: StatusFacts): ContainerStatus {
  const { name, image } = wanted;
  const { machine, trouble } = facts;
  const container = machine?.containers[name];
  const isRunning = container?.state === "running";
  const state = container && container.state !== "unfinished" ? seenState(container) : waiting(trouble);
  const restarts = container?.exit !== undefined && willRestart(pod, container);
  return {
    name,
    image,
    imageID: container?.start?.imageID ?? "",
    ready: isRunning && isReady(wanted, facts),
    started: isRunning,
    restartCount: container?.attempt ?? 0,
    state: restarts ? { waiting: backOff(name) } : state,
    ...(restarts && { lastState: state }),
    ...(container?.start && { containerID: `crun://${containerId(machine?.uid ?? "", name, container.attempt)}` }),
  };
}

/** Not before its probe says so, where it has one. */
const isReady = ({ name, readinessProbe }: Container, { verdicts }: StatusFacts): boolean =>
  verdicts[name]?.isReady ?? !readinessProbe;

const waiting = (trouble: Trouble | undefined): ContainerState => ({
  waiting: trouble ? { reason: waitingReason(trouble), message: trouble.message } : { reason: "ContainerCreating" },
});

const backOff = (name: string) => ({
  reason: "CrashLoopBackOff",
  message: `container ${name} ended and is started again after a pause`,
});

function seenState({ start, exit }: MachineContainer): ContainerState {
  const startedAt = seconds(start?.startedAt ?? "");
  if (!exit) return { running: { startedAt } };
  return { terminated: { ...ending(exit), startedAt, finishedAt: seconds(exit.finishedAt) } };
}

function ending({ exitCode, message, isOutOfMemory, isUnseen }: ContainerExit) {
  const said = message === "" ? {} : { message };
  if (isUnseen)
    return { exitCode, reason: "ContainerStatusUnknown", message: message || "the container ended unseen" };
  return { exitCode, reason: isOutOfMemory ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error", ...said };
}

interface Seen {
  phase: PodStatus["phase"];
  containerStatuses: ContainerStatus[];
  now: Date;
}

function conditions(pod: Pod, { phase, containerStatuses, now }: Seen): Condition[] {
  const unready = containerStatuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const readiness: Omit<Condition, "type"> =
    phase === "Succeeded"
      ? { status: "False", reason: "PodCompleted" }
      : unready.length === 0
        ? { status: "True" }
        : {
            status: "False",
            reason: "ContainersNotReady",
            message: `containers with unready status: [${unready.join(" ")}]`,
          };
  const wanted: Condition[] = [
    { type: "PodScheduled", status: "True" },
    { type: "Initialized", status: "True", ...(phase === "Succeeded" && { reason: "PodCompleted" }) },
    { type: "ContainersReady", ...readiness },
    { type: "Ready", ...readiness },
  ];
  return wanted.map((condition) => withTransition(pod, condition, now));
}

function withTransition(pod: Pod, condition: Condition, now: Date): Condition {
  const before = pod.status?.conditions?.find(({ type }) => type === condition.type);
  const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
  return { ...condition, lastTransitionTime: since ?? seconds(now.toISOString()) };
}

/** Kubernetes' times end at seconds. */
const seconds = (time: string): string => time.replace(/\.\d+Z$/, "Z");
