// Where a pod's network namespace is: that of the processes in the pod's cgroup.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { ExecutorError } from "./errors.ts";

export interface PodNetwork {
  /** A process of the pod, seen there when this was opened. */
  pid: number;
  /** Names the namespace for other processes as long as this is open. */
  path: string;
  close(): void;
}

/**
 * True when a line of /proc/<pid>/cgroup lies below the pod. The kubelet writes `pod<uid>`, and under its systemd driver
 * `kubepods-burstable-pod<uid with underscores>.slice`.
 */
export function isInPod(cgroups: string, podUid: string): boolean {
  return [podUid, podUid.replaceAll("-", "_")].some((uid) =>
    cgroups.split("\n").some((line) => line.split("/").some((step) => isPodStep(step, `pod${uid}`))),
  );
}

const isPodStep = (step: string, pod: string): boolean =>
  step === pod || step === `${pod}.slice` || step.endsWith(`-${pod}.slice`);

/** The namespace of the pod's oldest process; one that shares ours does not count, so ours is never touched. */
export function openPodNetwork(podUid: string): PodNetwork {
  const own = statSync("/proc/self/ns/net").ino;
  for (const pid of pids()) {
    if (!belongs(pid, podUid)) continue;
    const descriptor = openNamespace(pid);
    if (descriptor === undefined) continue;
    // The process may have ended and its number been given away while we opened: what counts is who has it now.
    if (fstatSync(descriptor).ino !== own && belongs(pid, podUid))
      return { pid, path: `/proc/${process.pid}/fd/${descriptor}`, close: () => closeSync(descriptor) };
    closeSync(descriptor);
  }
  throw new ExecutorError(
    "PodNetworkNotFound",
    `pod with uid ${podUid} has no process with a network namespace of its own: waiting for it`,
  );
}

const pids = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);

function belongs(pid: number, podUid: string): boolean {
  try {
    return isInPod(readFileSync(`/proc/${pid}/cgroup`, "utf8"), podUid);
  } catch {
    return false; // ended meanwhile
  }
}

function openNamespace(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/ns/net`, "r");
  } catch {
    return undefined; // ended meanwhile
  }
}
