// Which processes are those of a pod: the ones in its cgroup.
import { readdirSync, readFileSync } from "node:fs";

/**
 * True when a line of /proc/<pid>/cgroup lies below the pod. The kubelet writes `pod<uid>`, and under its systemd driver
 * `kubepods-burstable-pod<uid with underscores>.slice`; a runtime that keeps cgroups without systemd beside such a
 * kubelet makes `kubepods-...-pod<uid>.slice:cri-containerd:<id>`.
 */
export function isInPod(cgroups: string, podUid: string): boolean {
  return [podUid, podUid.replaceAll("-", "_")].some((uid) =>
    cgroups.split("\n").some((line) => line.split("/").some((step) => isPodStep(step, `pod${uid}`))),
  );
}

function isPodStep(step: string, pod: string): boolean {
  const [slice = ""] = step.split(":");
  return step === pod || slice === `${pod}.slice` || slice.endsWith(`-${pod}.slice`);
}

/** Oldest first, one by one: each is in the pod when it is told. */
export function* processesOf(podUid: string): Generator<number> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const pid of pids.map(Number).sort((a, b) => a - b)) if (belongs(pid, podUid)) yield pid;
}

export function belongs(pid: number, podUid: string): boolean {
  try {
    return isInPod(readFileSync(`/proc/${pid}/cgroup`, "utf8"), podUid);
  } catch {
    return false; // ended meanwhile
  }
}
