// What the kubelet does about one pod whenever something may have changed: it starts it, tells how it goes, and ends it.
import { isConflict, isNotFound, keyOf, type Pod, pods } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { PodContainer } from "../pod-container.ts";
import type { Runtime } from "../runtime.ts";
import type { PodCopies } from "./pod-copies.ts";
import { podStatus } from "./pod-status.ts";

export interface WorkerParts {
  process: SimulatedProcess;
  runtime: Runtime;
  copies: PodCopies;
  hostIP: string;
  /** All pods that the API has were seen: what else runs here is nobody's. */
  isSynced(): boolean;
}

/** What this kubelet remembers; all of it is lost with it. */
interface Memory {
  podIP: string;
  /** As it was seen last. */
  pod?: Pod;
  /** Both as clock.elapsedMs() has it. */
  startAtMs?: number;
  killAtMs?: number;
  /** It was let go. */
  isDeleted?: boolean;
}

/** Sandbox, images and volumes. */
const [shortestStartMs, longestStartMs] = [100, 3_000];
/** No container has less time, and one that nobody knows has no more. */
const leastGraceSeconds = 2;

/** Answers after how many milliseconds to come again, if at all. */
export function podWorker(parts: WorkerParts): (uid: string) => Promise<number | undefined> {
  const memories = new Map<string, Memory>();
  const { random } = parts.process;
  const remember = (uid: string): Memory => {
    const memory = memories.get(uid) ?? {
      podIP: `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
    };
    memories.set(uid, memory);
    return memory;
  };
  return async (uid) => {
    const pod = parts.copies.get(uid);
    const container = parts.runtime.find(uid);
    const memory = remember(uid);
    if (pod) return lookAfter(parts, { pod, container, memory });
    if (container && !parts.isSynced()) return undefined;
    const wait = container && clearAway(parts, container, memory);
    if (!container) memories.delete(uid);
    return wait;
  };
}

interface Work {
  pod: Pod;
  container: PodContainer | undefined;
  memory: Memory;
}

async function lookAfter(parts: WorkerParts, work: Work): Promise<number | undefined> {
  const { pod, container, memory } = work;
  memory.pod = pod;
  if (isEnding(pod)) return end(parts, work);
  if (!container) return start(parts, pod, memory);
  await report(parts, work, false);
  return undefined;
}

const isEnding = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || status?.phase === "Succeeded" || status?.phase === "Failed";

const graceOf = ({ metadata, spec }: Pod): number =>
  metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;

async function start(parts: WorkerParts, pod: Pod, memory: Memory): Promise<number | undefined> {
  const { process, runtime } = parts;
  const nowMs = process.clock.elapsedMs();
  memory.startAtMs ??= nowMs + process.random.between(shortestStartMs, longestStartMs);
  const isDue = memory.startAtMs <= nowMs;
  if (isDue) runtime.start(pod);
  await report(parts, { pod, container: runtime.find(pod.metadata.uid ?? ""), memory }, false);
  return isDue ? undefined : Math.max(0, memory.startAtMs - process.clock.elapsedMs());
}

const report = (
  { process, copies, hostIP }: WorkerParts,
  { pod, container, memory: { podIP } }: Work,
  isOver: boolean,
): Promise<void> =>
  copies.writeStatus(pod, (live) => podStatus(live, { container, isOver, hostIP, podIP, now: process.clock.now() }));

async function end(parts: WorkerParts, work: Work): Promise<number | undefined> {
  const { pod, container, memory } = work;
  if (container && !container.exit) return terminate(parts, { container, memory, graceSeconds: graceOf(pod) });
  if (memory.isDeleted) return undefined;
  await report(parts, work, true);
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  parts.runtime.remove(pod.metadata.uid ?? "");
  await letGo(parts, pod);
  memory.isDeleted = true;
  return undefined;
}

/** Its containers are gone: the object may go. */
async function letGo({ process }: WorkerParts, pod: Pod): Promise<void> {
  const { uid = "" } = pod.metadata;
  try {
    await process.client.delete(pods, keyOf(pod), { gracePeriodSeconds: 0, uid });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

/** The API has no such pod any more. */
function clearAway(parts: WorkerParts, container: PodContainer, memory: Memory): number | undefined {
  if (!container.exit) {
    const graceSeconds = memory.pod ? graceOf(memory.pod) : leastGraceSeconds;
    return terminate(parts, { container, memory, graceSeconds });
  }
  parts.runtime.remove(container.podUid);
  return undefined;
}

interface Terminating {
  container: PodContainer;
  memory: Memory;
  graceSeconds: number;
}

/** A time that is cut short brings SIGKILL forward, and is not told to the container. */
function terminate({ process }: WorkerParts, { container, memory, graceSeconds }: Terminating): number | undefined {
  const nowMs = process.clock.elapsedMs();
  const wantedMs = nowMs + Math.max(leastGraceSeconds, graceSeconds) * 1000;
  container.terminate();
  memory.killAtMs = Math.min(memory.killAtMs ?? wantedMs, wantedMs);
  if (memory.killAtMs > nowMs) return memory.killAtMs - nowMs;
  container.kill();
  return undefined;
}
