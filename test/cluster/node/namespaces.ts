// A node as a set of namespaces: how it comes to be, how it is found again, and how it is entered.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";
import type { NodePlan } from "../network.ts";
import { run } from "../run.ts";
import { ask, socketName } from "./control.ts";
import { membersOf } from "./control-group.ts";
import type { InitPlan } from "./init.ts";
import type { ClusterNode, ProgramState } from "./node.ts";
import { pidsByNumberInside } from "./pids.ts";

const initProgram = join(import.meta.dirname, "init.ts");

/** All that a node has for itself. When its first process ends, the kernel ends and unmounts everything inside. */
const unshare = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"];

/** Pid of the node's supervising program, as the host numbers it; undefined when the node does not run. */
export function findInit(controlGroup: string): number | undefined {
  return membersOf(`${controlGroup}/system`).find((pid) => commandLine(pid).includes(initProgram));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it ended while we looked
  }
}

/** Answers with the pid of its supervising program, when that listens. */
export async function startNode(plan: InitPlan): Promise<number> {
  const { folder, logs } = plan.mounts;
  for (const path of [folder, logs]) mkdirSync(path, { recursive: true });
  const log = openSync(join(logs, "init.log"), "a");
  const [command = "", ...args] = [...unshare, "tini", "--", process.execPath, initProgram, JSON.stringify(plan)];
  const child = spawn(command, args, { detached: true, stdio: ["ignore", log, log], cwd: "/" });
  child.unref();
  return eventually(
    async () => {
      if (child.exitCode !== null)
        throw new Error(`node ${plan.name} ended: ${readFileSync(join(logs, "init.log"), "utf8")}`);
      const pid = findInit(plan.controlGroup);
      return pid !== undefined && existsSync(join(folder, socketName)) && (await answers(folder)) && pid;
    },
    { seconds: 60, what: `node ${plan.name} starts` },
  );
}

const answers = async (folder: string): Promise<boolean> => {
  await ask(join(folder, socketName), { verb: "report" });
  return true;
};

const entering = (pid: number, argv: string[]): string[] => [
  ...["nsenter", "--target", String(pid), "--net", "--mount", "--uts", "--ipc", "--pid", "--"],
  ...argv,
];

export const enter = (node: ClusterNode, argv: string[]): string[] => entering(node.pid, argv);

export function clusterNode({ name, address }: NodePlan, folder: string, pid: number): ClusterNode {
  const socket = join(folder, socketName);
  return {
    name,
    address,
    pid,
    run: (command, options) => run(entering(pid, command), options),
    stop: async (program) => void (await ask(socket, { verb: "stop", name: program })),
    start: async (program) => void (await ask(socket, { verb: "start", name: program })),
    keep: async (program) => void (await ask(socket, { verb: "keep", program })),
    async programs(): Promise<ProgramState[]> {
      const report = await ask(socket, { verb: "report" });
      const hostPids = pidsByNumberInside(pid);
      return report.map(({ name, pid: inner, ...rest }) => ({
        program: name,
        pid: inner === undefined ? undefined : hostPids.get(inner),
        ...rest,
      }));
    },
  };
}
