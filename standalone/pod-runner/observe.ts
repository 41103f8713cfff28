// What this machine knows of one pod, read from disk and /proc: the half of a snapshot that survives us.
import { access, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Pod } from "@knvirt/kubernetes";
import { type StartRecord, terminationMessage } from "./container.ts";
import { attemptDirectory, containerCgroup, containerId, type Instance, podDirectory } from "./instance.ts";
import { findSandbox, type Sandbox } from "./sandbox.ts";

export interface MachinePod {
  uid: string;
  /** As it was when it came to this machine. */
  pod: Pod;
  sandbox: Sandbox | undefined;
  containers: Record<string, MachineContainer>;
  /** Set once its end was asked for: when the containers are to be killed. */
  killAt: Date | undefined;
  /** Its network, mounts and volumes were given back. */
  isReleased: boolean;
}

export interface MachineContainer {
  attempt: number;
  /** `unfinished`: never started, or not wholly; to be made again. */
  state: "unfinished" | "running" | "exited";
  start: StartRecord | undefined;
  pid: number | undefined;
  exit: ContainerExit | undefined;
}

export interface ContainerExit {
  exitCode: number;
  finishedAt: string;
  message: string;
  isOutOfMemory: boolean;
  /** Its exit was not seen by anyone: the machine went down, or the monitor was killed. */
  isUnseen: boolean;
}

export async function podUids({ podsDir }: Instance): Promise<string[]> {
  const entries = await readdir(podsDir, { withFileTypes: true }).catch(absentIs([]));
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

export async function observePod(instance: Instance, uid: string): Promise<MachinePod | undefined> {
  const podDir = podDirectory(instance, uid);
  const saved = await readJson<Pod>(join(podDir, "pod.json"));
  if (!saved) return undefined;
  const names = saved.spec.containers.map(({ name }) => name);
  const [sandbox, ending, isReleased, ...containers] = await Promise.all([
    findSandbox(instance, uid),
    readJson<{ killAt: string }>(join(podDir, "ending.json")),
    exists(join(podDir, "released")),
    ...names.map((name) => observeContainer(instance, uid, name)),
  ]);
  return {
    uid,
    pod: saved,
    sandbox,
    killAt: ending && new Date(ending.killAt),
    isReleased,
    containers: Object.fromEntries(
      names.flatMap((name, index) => (containers[index] ? [[name, containers[index]]] : [])),
    ),
  };
}

async function observeContainer(
  instance: Instance,
  uid: string,
  name: string,
): Promise<MachineContainer | undefined> {
  const attempts = await readdir(join(podDirectory(instance, uid), "containers", name)).catch(absentIs([]));
  if (attempts.length === 0) return undefined;
  const attempt = Math.max(...attempts.map(Number));
  const bundle = attemptDirectory(podDirectory(instance, uid), name, attempt);
  const id = containerId(uid, name, attempt);
  const start = await readJson<StartRecord>(join(bundle, "started.json"));
  const common = { attempt, start, pid: undefined, exit: undefined };
  if (!start) return { ...common, state: "unfinished" };
  const seenBefore = await isMonitored(bundle, id); // asked first: it ends only after writing the exit file
  const exit = await findExit(instance, bundle, id);
  if (exit) return { ...common, state: "exited", exit };
  const pid = await livePid(bundle, containerCgroup(instance, uid, name));
  if (pid !== undefined && (await exists(`${instance.crunRoot}/${id}/exec.fifo`)))
    return { ...common, state: "unfinished", pid };
  if (pid !== undefined || seenBefore) return { ...common, state: "running", pid };
  return { ...common, state: "exited", exit: await unseenExit(bundle) };
}

async function findExit(instance: Instance, bundle: string, id: string): Promise<ContainerExit | undefined> {
  const file = join(instance.exitsDir, id);
  const [code, written] = await Promise.all([
    readFile(file, "utf8").catch(absentIs(undefined)),
    stat(file).catch(absentIs(undefined)),
  ]);
  if (code === undefined || !written || code.trim() === "") return undefined;
  return {
    exitCode: Number(code),
    finishedAt: written.mtime.toISOString(),
    message: await terminationMessage(bundle),
    isOutOfMemory: await exists(join(bundle, "oom")),
    isUnseen: false,
  };
}

const killed = 137;

async function unseenExit(bundle: string): Promise<ContainerExit> {
  const [message, lastSign] = await Promise.all([terminationMessage(bundle), stat(join(bundle, "started.json"))]);
  return {
    exitCode: killed,
    finishedAt: lastSign.mtime.toISOString(), // the latest moment that we know of
    message,
    isOutOfMemory: false,
    isUnseen: true,
  };
}

/** A pid is only believed when its process is in the container's cgroup: pids are used again. */
async function livePid(bundle: string, cgroup: string): Promise<number | undefined> {
  const pid = Number(await readFile(join(bundle, "pid"), "utf8").catch(absentIs("")));
  if (!pid) return undefined;
  const groups = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
  return groups.split("\n").some((line) => line.endsWith(`:${cgroup}`)) ? pid : undefined;
}

async function isMonitored(bundle: string, id: string): Promise<boolean> {
  const pid = Number(await readFile(join(bundle, "monitor-pid"), "utf8").catch(absentIs("")));
  if (!pid) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return commandLine.split("\0").includes(id);
}

async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, "utf8").catch(absentIs(undefined));
  if (!text) return undefined; // an empty file is one whose write the disk had no room for
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined; // half a file, likewise: the step it stands for is taken again
  }
}

export const absentIs =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT" || error.code === "ESRCH") return value;
    throw error;
  };

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
