// What the kubelet would have made before us: a process in the cgroup of a pod, with a network namespace and a link of
// its own. Needs root.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runTool } from "@knvirt/tools";
import { eventually } from "../../test/support/eventually.ts";

export interface Sandbox {
  podUid: string;
  pid: number;
  /** For nsenter. */
  namespace: string;
  /** Addresses of the pod and of this machine on the link between them. */
  podAddress: string;
  hostAddress: string;
  enter(command: string, ...args: string[]): Promise<string>;
  /** Starts something long-lived inside; it ends with the sandbox. */
  spawn(command: string, ...args: string[]): ChildProcess;
  /** The same, and it is one of the pod's processes. */
  spawnInPod(command: string, ...args: string[]): ChildProcess;
  close(): Promise<void>;
}

const enter = "nsenter";
/** In `sh -c`, with the cgroup's folder as its name. */
const joinCgroup = 'echo $$ > "$0/cgroup.procs" && exec';
const hierarchies = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

/** `subnet` is the third number of 10.213.x.0/24; each sandbox of a run needs its own. */
export async function startSandbox(subnet: number, podUid: string = randomUUID()): Promise<Sandbox> {
  const root = hierarchies.find((path) => existsSync(`${path}/cgroup.procs`));
  if (!root) throw new Error("no cgroup hierarchy is mounted: expected one below /sys/fs/cgroup");
  const parent = `${root}/knvirt-test-${podUid}`;
  const cgroup = `${parent}/pod${podUid}`;
  mkdirSync(cgroup, { recursive: true });
  const first = spawn("sh", ["-c", `${joinCgroup} unshare --net sleep infinity`, cgroup], { stdio: "ignore" });
  const pid = first.pid ?? 0;
  await ownNamespace(pid);
  const namespace = `/proc/${pid}/ns/net`;
  const children = [first];
  const [hostAddress, podAddress] = [`10.213.${subnet}.1`, `10.213.${subnet}.2`];
  const link = `kvt${subnet}`;
  await connectPod({ pid, link, hostAddress, podAddress });
  const spawned = (child: ChildProcess): ChildProcess => {
    children.push(child);
    return child;
  };
  return {
    podUid,
    pid,
    namespace,
    podAddress,
    hostAddress,
    enter: (command, ...args) => runTool("nsenter", [`--net=${namespace}`, "--", command, ...args]),
    spawn: (command, ...args) =>
      spawned(spawn(enter, [`--net=${namespace}`, "--", command, ...args], { stdio: "ignore" })),
    spawnInPod: (command, ...args) =>
      spawned(spawn("sh", ["-c", `${joinCgroup} "$@"`, cgroup, command, ...args], { stdio: "ignore" })),
    close: async () => {
      // The link would go with the namespace, but some time later: the next sandbox needs its name and address.
      await runTool("ip", ["link", "delete", link]);
      await Promise.all(children.map(ended));
      // The kernel takes its time to forget a process.
      await eventually(() => [cgroup, parent].every(isRemoved));
    },
  };
}

function isRemoved(folder: string): boolean {
  try {
    if (existsSync(folder)) rmdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
}

async function ownNamespace(pid: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(10))
    if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "sleep") return;
  throw new Error(`process ${pid} has no network namespace of its own after 60 s`);
}

interface Wire {
  pid: number;
  link: string;
  hostAddress: string;
  podAddress: string;
}

async function connectPod({ pid, link, hostAddress, podAddress }: Wire): Promise<void> {
  await runTool("ip", ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
  await runTool("ip", ["address", "add", `${hostAddress}/24`, "dev", link]);
  await runTool("ip", ["link", "set", link, "up"]);
  const inside = `link set lo up\nlink set eth0 up\naddress add ${podAddress}/24 dev eth0\nroute add default via ${hostAddress}\n`;
  await runTool("nsenter", [`--net=/proc/${pid}/ns/net`, "ip", "-batch", "-"], { input: inside });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
