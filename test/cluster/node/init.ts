// The first program inside a node's namespaces: makes the node's file systems, then keeps its programs running.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { serve, socketName } from "./control.ts";
import { enterControlGroup } from "./control-group.ts";
import { type MountPlan, mountCommands } from "./mounts.ts";
import { supervision } from "./supervision.ts";

export interface InitPlan {
  name: string;
  controlGroup: string;
  mounts: MountPlan;
}

const plan = JSON.parse(process.argv[2] ?? "") as InitPlan;
enterControlGroup(`${plan.controlGroup}/system`);
for (const [command = "", ...args] of mountCommands(plan.mounts)) execFileSync(command, args, { stdio: "inherit" });
execFileSync("sysctl", ["-q", "-w", `kernel.hostname=${plan.name}`], { stdio: "inherit" });

const socket = join(plan.mounts.folder, socketName);
rmSync(socket, { force: true });
serve(socket, supervision(plan.mounts.logs));
