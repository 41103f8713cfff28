// Ends every pod of an instance and leaves nothing of it on the machine; works from the machine's state alone.
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { runTool, signalIfThere } from "@knvirt/tools";
import type { Instance } from "./instance.ts";
import { ensureNetwork, removeNetwork } from "./network.ts";
import { absentIs, type MachinePod, observePod, podUids } from "./observe.ts";
import { oneByOne } from "./one-by-one.ts";
import { type EndingHost, forgetPod, killPod, releasePod, removeCgroup, terminatePod } from "./pod-end.ts";
import { prepareRuntime } from "./runtime.ts";
import { detachUnused } from "./volumes/claim.ts";
import { unmountBelow } from "./volumes/empty-dir.ts";

export interface Teardown {
  /** At most so long for each pod, however long its own grace period is. */
  graceSeconds: number;
  onProgress?: (message: string) => void;
}

/** The pod runner of this instance must have ended before. */
export async function teardownEverything(instance: Instance, teardown: Teardown): Promise<void> {
  const { onProgress = () => undefined } = teardown;
  const uids = await podUids(instance);
  if (uids.length > 0) {
    await mkdir(instance.runDir, { recursive: true, mode: 0o700 });
    const host = {
      ...{ instance, network: await ensureNetwork(instance), runtime: await prepareRuntime(instance) },
      claims: { inTurn: oneByOne() },
    };
    await Promise.all(uids.map((uid) => endPod(host, uid, { ...teardown, onProgress })));
  }
  await killStragglers(instance);
  await removeNamespaces(instance);
  await removeNetwork(instance);
  await unmountBelow(instance.podsDir);
  await unmountBelow(instance.runDir);
  await detachUnused(instance, []);
  await removeCgroup(`/${instance.name}`);
  await rm(instance.runDir, { recursive: true, force: true });
}

async function endPod(host: EndingHost, uid: string, teardown: Required<Teardown>): Promise<void> {
  const machine = await observePod(host.instance, uid);
  if (machine) {
    const { namespace, name } = machine.pod.metadata;
    teardown.onProgress(`ending pod ${namespace}/${name}`);
    await endContainers(host, machine, teardown.graceSeconds);
    await releasePod(host, machine);
  }
  await forgetPod(host, uid);
}

async function endContainers(host: EndingHost, machine: MachinePod, graceSeconds: number): Promise<void> {
  const wanted = machine.pod.spec.terminationGracePeriodSeconds ?? graceSeconds;
  const killAt = new Date(Date.now() + Math.min(wanted, graceSeconds) * 1000);
  if (isAlive(machine)) await terminatePod(host, machine, killAt);
  let present: MachinePod | undefined = machine;
  while (present && isAlive(present)) {
    if (Date.now() > killAt.getTime()) killPod(present);
    await sleep(50);
    present = await observePod(host.instance, machine.uid);
  }
}

const isAlive = (machine: MachinePod): boolean =>
  Object.values(machine.containers).some(({ state, pid }) => state === "running" || pid !== undefined);

/** Processes in our cgroups that no pod directory explains, as after lost data. */
async function killStragglers(instance: Instance): Promise<void> {
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const groups = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
    if (groups.includes(`:/${instance.name}/`)) signalIfThere(Number(pid), "SIGKILL");
  }
}

async function removeNamespaces(instance: Instance): Promise<void> {
  const names = await readdir("/run/netns").catch(absentIs<string[]>([]));
  for (const name of names) if (name.startsWith(`${instance.name}-`)) await runTool("ip", ["netns", "del", name]);
}
