// The launcher's process in its pod, by which its container's files are reached.
import { closeSync, fstatSync } from "node:fs";
import { ExecutorError } from "./errors.ts";
import { openFileBelow } from "./no-follow.ts";
import { belongs, processesOf } from "./pod-processes.ts";

export interface LauncherProcess {
  pid: number;
  /** When the programs of its image were last changed: on a node, unpacked. libvirt compares that with what it noted. */
  unpackedAt: string;
  /** Its number was not given to another process meanwhile. */
  isStillOurs(): boolean;
}

/** libvirt comes first: with it in sight, a process is no sandbox. */
const programs = [
  ["usr", "sbin", "libvirtd"],
  ["usr", "bin", "qemu-system-x86_64"],
  ["usr", "bin", "qemu-system-aarch64"],
];

/** In an image that keeps libvirt elsewhere the youngest process is the launcher's: the sandbox came first. */
export function getLauncherProcess(podUid: string): LauncherProcess {
  let youngest: number | undefined;
  const found = (pid: number, unpackedAt = "") => ({ pid, unpackedAt, isStillOurs: () => belongs(pid, podUid) });
  for (const pid of processesOf(podUid)) {
    const times = programs.map((steps) => changeTimeOf(`/proc/${pid}/root`, steps));
    if (times[0] !== "") return found(pid, times.join("/"));
    youngest = pid;
  }
  if (youngest !== undefined) return found(youngest);
  throw new ExecutorError(
    "LauncherUnreachable",
    `pod with uid ${podUid} has no process of a launcher: waiting for it`,
  );
}

/** Empty when there is no such file. */
function changeTimeOf(root: string, steps: string[]): string {
  const descriptor = openFileBelow(root, steps);
  if (descriptor === undefined) return "";
  try {
    return String(fstatSync(descriptor, { bigint: true }).ctimeNs);
  } finally {
    closeSync(descriptor);
  }
}
