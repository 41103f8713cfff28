// Ends a pod and takes away what it had on the machine. Every step may be repeated, and needs no API server.
import { mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signalIfThere } from "@knvirt/tools";
import { writeAtomically } from "./atomic-file.ts";
import type { ClaimAccess } from "./claims.ts";
import { settleAttempt } from "./container.ts";
import { type Instance, podCgroup, podDirectory } from "./instance.ts";
import type { PodNetwork } from "./network.ts";
import { absentIs, type MachinePod, podUids } from "./observe.ts";
import type { Runtime } from "./runtime.ts";
import { removeSandbox } from "./sandbox.ts";
import { detachUnused } from "./volumes/claim.ts";
import { unmountBelow } from "./volumes/empty-dir.ts";

export interface EndingHost {
  instance: Instance;
  network: PodNetwork;
  runtime: Runtime;
  claims: Pick<ClaimAccess, "inTurn">;
}

/** Asks first and records after: asked twice is harmless, never asked is not. */
export async function terminatePod({ instance }: EndingHost, machine: MachinePod, killAt: Date): Promise<void> {
  for (const { pid, state } of Object.values(machine.containers))
    if (pid !== undefined) signalIfThere(pid, state === "running" ? "SIGTERM" : "SIGKILL"); // unfinished: nobody listens yet
  const file = join(podDirectory(instance, machine.uid), "ending.json");
  await writeAtomically(file, JSON.stringify({ killAt: killAt.toISOString() }));
}

export function killPod(machine: MachinePod): void {
  for (const { pid } of Object.values(machine.containers)) if (pid !== undefined) signalIfThere(pid, "SIGKILL");
}

/** Logs and exit records stay: they are asked for as long as the API has the pod. */
export async function releasePod(host: EndingHost, machine: MachinePod): Promise<void> {
  const { instance, network } = host;
  const podDir = podDirectory(instance, machine.uid);
  for (const [container, { attempt }] of Object.entries(machine.containers))
    await settleAttempt(host, { uid: machine.uid, container, attempt });
  const { namespace = "default", name } = machine.pod.metadata;
  await removeSandbox(instance, network, { uid: machine.uid, namespace, name });
  await unmountBelow(podDir);
  await rm(join(podDir, "volumes"), { recursive: true, force: true });
  await host.claims.inTurn(async () => {
    const others = (await podUids(instance)).filter((uid) => uid !== machine.uid);
    await detachUnused(instance, others);
  });
  await removeCgroup(podCgroup(instance, machine.uid));
  await mkdir(podDir, { recursive: true });
  await writeFile(join(podDir, "released"), "");
}

export async function forgetPod({ instance }: Pick<EndingHost, "instance">, uid: string): Promise<void> {
  const exits = await readdir(instance.exitsDir).catch(absentIs<string[]>([]));
  for (const id of exits) if (id.startsWith(`${uid}_`)) await rm(join(instance.exitsDir, id), { force: true });
  await rm(podDirectory(instance, uid), { recursive: true, force: true });
}

const cgroupRoot = "/sys/fs/cgroup";

/** A cgroup is a directory that goes by rmdir once nothing runs in it; version 1 has one below each controller. */
export async function removeCgroup(path: string): Promise<void> {
  const controllers = await readdir(cgroupRoot, { withFileTypes: true });
  const roots = [
    cgroupRoot,
    ...controllers.filter((entry) => entry.isDirectory()).map(({ name }) => join(cgroupRoot, name)),
  ];
  await Promise.all(roots.map((root) => removeTree(join(root, path))));
}

async function removeTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(absentIs([]));
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  await removeOnceEmpty(directory);
}

/** Killed processes leave their cgroup a moment after they have been waited for. */
const leavingMs = 2_000;

async function removeOnceEmpty(directory: string): Promise<void> {
  const deadline = Date.now() + leavingMs;
  for (;;) {
    try {
      return await rmdir(directory).catch(absentIs(undefined));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY" || Date.now() > deadline) throw error;
      await sleep(10);
    }
  }
}
