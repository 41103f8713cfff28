// Where a pod's network namespace is: that of the processes in the pod's cgroup.
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { ExecutorError } from "./errors.ts";
import { belongs, processesOf } from "./pod-processes.ts";

export interface PodNetwork {
  /** A process of the pod, seen there when this was opened. */
  pid: number;
  /** Names the namespace for other processes as long as this is open. */
  path: string;
  close(): void;
}

/** The namespace of the pod's oldest process; one that shares ours does not count, so ours is never touched. */
export function openPodNetwork(podUid: string): PodNetwork {
  const own = statSync("/proc/self/ns/net").ino;
  for (const pid of processesOf(podUid)) {
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

function openNamespace(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/ns/net`, "r");
  } catch {
    return undefined; // ended meanwhile
  }
}
