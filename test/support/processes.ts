// The processes of a VM's pod, found by its cgroup, for specs that kill them.
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { launcherPodName } from "@knvirt/api";
import { pods } from "@knvirt/kubernetes";
import { signalIfThere } from "@knvirt/tools";
import { eventually } from "./eventually.ts";
import type { Host } from "./host.ts";
import type { Instance, Part } from "./instance.ts";

export type PodProgram = "node" | "libvirtd" | "qemu-system-x86_64";

export async function podUidOf({ client, namespace }: Host, vmi: string): Promise<string> {
  const pod = await client.find(pods, { namespace, name: launcherPodName(vmi) });
  if (!pod?.metadata.uid) throw new Error(`pod of vmi ${vmi} is not there`);
  return pod.metadata.uid;
}

/** Of this machine. */
export const processIds = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

export function processesIn(cgroupPart: string): number[] {
  return processIds().filter((pid) => textOf(`/proc/${pid}/cgroup`).includes(cgroupPart));
}

export const qemusIn = (cgroupPart: string): number[] =>
  processesIn(cgroupPart).filter((pid) => programOf(pid) === "qemu-system-x86_64");

/** Waits for the program, since it may just be starting. */
export async function pidIn(podUid: string, program: PodProgram, other?: number): Promise<number> {
  return eventually(() => processesIn(`pod${podUid}`).find((pid) => pid !== other && programOf(pid) === program), {
    seconds: 60,
    what: `${program} runs in pod ${podUid}`,
  });
}

export function programOf(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return "";
  }
}

/** Kills a part of the control plane and waits until the supervisor has started it again. */
export async function killPart(instance: Instance, part: Exclude<Part, "supervisor">): Promise<void> {
  const before = instance.pidOf(part);
  process.kill(before, "SIGKILL");
  await eventually(() => instance.pidOf(part) !== before && existsSync(`/proc/${instance.pidOf(part)}`), {
    seconds: 60,
    what: `${part} is started again`,
  });
}

/** Kills a process and all that descends from it at one moment, and waits until they are gone. */
export async function killTree(root: number): Promise<void> {
  const tree = [root];
  // Stopped first: what is stopped has no more children. The list grows while it is walked.
  for (const pid of tree) {
    signalIfThere(pid, "SIGSTOP");
    tree.push(...childrenOf(pid));
  }
  for (const pid of tree) signalIfThere(pid, "SIGKILL");
  await eventually(() => !tree.some((pid) => programOf(pid) !== ""), {
    seconds: 60,
    what: `tree of ${root} is gone`,
  });
}

const childrenOf = (parent: number): number[] =>
  processIds().filter((pid) => Number(/^PPid:\t(\d+)$/m.exec(textOf(`/proc/${pid}/status`))?.[1]) === parent);

export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it ended while we looked
  }
}
