// crun under conmon: creating, starting and clearing one container. conmon outlives us and writes down how it ended.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { runTool } from "@knvirt/tools";
import { writeAtomically } from "./atomic-file.ts";
import { PodError } from "./errors.ts";
import type { Instance } from "./instance.ts";

const conmon = "/usr/bin/conmon";
const unifiedControllers = "/sys/fs/cgroup/unified/cgroup.controllers";

/** crun refuses a machine with controllers in both cgroup versions even when version 1 has all that it needs; it is
 * then run where the version 2 tree is not mounted. */
const crunWithoutUnified = `#!/bin/sh
exec unshare --mount --propagation slave -- sh -c 'umount /sys/fs/cgroup/unified && exec crun "$@"' crun "$@"
`;

export interface Runtime {
  /** Path of the OCI runtime. */
  program: string;
}

export async function prepareRuntime(instance: Instance): Promise<Runtime> {
  await mkdir(instance.exitsDir, { recursive: true, mode: 0o700 });
  await mkdir(instance.crunRoot, { recursive: true, mode: 0o700 });
  const controllers = await readFile(unifiedControllers, "utf8").catch(() => "");
  if (controllers.trim() === "") return { program: "/usr/bin/crun" };
  const program = join(instance.dataDir, "crun-without-unified"); // not below /run: Debian executes nothing there
  await writeAtomically(program, crunWithoutUnified, { mode: 0o700 });
  return { program };
}

export interface ContainerPlace {
  /** Name of the container to runtime and monitor. */
  id: string;
  /** Directory with config.json; log, pid files and message lie in it too. */
  bundle: string;
}

/** Makes the container; its process waits to be started. */
export async function createContainer(instance: Instance, runtime: Runtime, place: ContainerPlace): Promise<void> {
  const { id, bundle } = place;
  const monitor = spawn(conmon, conmonArguments(instance, runtime, place), {
    cwd: bundle,
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, _OCI_SYNCPIPE: "3" },
  });
  let complaint = "";
  monitor.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const answer = await Promise.race([firstLine(monitor.stdio[3] as Readable), failure(monitor)]);
  const { pid = -1, data = -1, message = "" } = answer ? (JSON.parse(answer) as SyncAnswer) : {};
  if (Math.max(pid, data) > 0) return;
  throw new PodError(
    "RunContainerError",
    `container ${id} cannot be created: ${message || complaint || "no reason given"}`,
  );
}

/** conmon names the container's first process, or what the runtime said when there is none. */
interface SyncAnswer {
  pid?: number;
  data?: number;
  message?: string;
}

function conmonArguments(instance: Instance, { program }: Runtime, { id, bundle }: ContainerPlace): string[] {
  return [
    ...["--cid", id, "--cuuid", id, "--name", id],
    ...["--runtime", program, "--runtime-arg", "--root", "--runtime-arg", instance.crunRoot],
    ...["--bundle", bundle, "--persist-dir", bundle, "--exit-dir", instance.exitsDir],
    ...["--container-pidfile", join(bundle, "pid"), "--conmon-pidfile", join(bundle, "monitor-pid")],
    ...["--log-path", `k8s-file:${join(bundle, "log")}`, "--log-size-max", String(logLimitBytes)],
    ...["--socket-dir-path", instance.runDir, "--full-attach"],
  ];
}

/** A container that talks without end starts its log anew, instead of filling the disk. */
const logLimitBytes = 10 * 1024 * 1024;

async function firstLine(stream: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: stream })) return line; // leaving the loop closes the stream
  return undefined;
}

async function failure(monitor: ReturnType<typeof spawn>): Promise<never> {
  const [error] = (await once(monitor, "error")) as [Error];
  throw error;
}

export async function startContainer(instance: Instance, runtime: Runtime, id: string): Promise<void> {
  await runTool(runtime.program, ["--root", instance.crunRoot, "start", id]);
}

/** Kills what is left of a container and forgets it. A container the runtime does not know is cleared already. */
export async function clearContainer(instance: Instance, runtime: Runtime, id: string): Promise<void> {
  await runTool(runtime.program, ["--root", instance.crunRoot, "delete", "--force", id]);
}
