// A program that is run beside those of a container, as its user and with its rights, and ended when its time is over.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { runTool, signalIfThere, ToolError } from "@knvirt/tools";
import { writeAtomically } from "./atomic-file.ts";
import type { Instance } from "./instance.ts";
import type { ContainerPlace, Runtime } from "./runtime.ts";

export interface Exec extends ContainerPlace {
  /** Who asks: one program for each at a time. */
  name: string;
  command: string[];
  timeoutMs: number;
}

/** So long the runtime may take to notice that its program was ended. */
const noticeMs = 1_000;

/** Fails with what the program said when that fails. */
export async function execInContainer({ crunRoot }: Instance, { program }: Runtime, exec: Exec): Promise<void> {
  const { id, bundle, name, command, timeoutMs } = exec;
  const pidFile = join(bundle, `exec-${name}.pid`);
  await rm(pidFile, { force: true });
  const options = ["--process", await processFile(exec), "--pid-file", pidFile];
  const late = { is: false };
  const deadline = setTimeout(() => {
    late.is = true;
    void endProgram(pidFile);
  }, timeoutMs);
  try {
    await runTool(program, ["--root", crunRoot, "exec", ...options, id], { timeoutMs: timeoutMs + noticeMs });
  } catch (error) {
    if (late.is) throw new DOMException(`${command[0]} took longer than ${timeoutMs / 1000} s`, "TimeoutError");
    if (!(error instanceof ToolError)) throw error;
    const said = `${error.stdout}${error.stderr}`.trim();
    throw new Error(`${command[0]} ended with code ${error.exitCode ?? "unknown"}${said && `: ${said}`}`, {
      cause: error,
    });
  } finally {
    clearTimeout(deadline);
  }
}

/** With what it started. Killing the runtime alone would leave all of it in the container. A program whose pid is not
 * known has not begun, or has ended. */
async function endProgram(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
  const [group, own] = [await groupOf(pid), await groupOf(process.pid)];
  if (group > 1 && group !== own) signalIfThere(-group, "SIGKILL");
}

/** The runtime makes a group for each program, whose number is not the program's. 0 when there is no such process. */
async function groupOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // proc_pid_stat(5): state, parent, group
  return Number(group ?? 0);
}

/** crun would run it as root. */
async function processFile({ bundle, name, command }: Exec): Promise<string> {
  const config = JSON.parse(await readFile(join(bundle, "config.json"), "utf8")) as { process: object };
  const file = join(bundle, `exec-${name}.json`);
  await writeAtomically(file, JSON.stringify({ ...config.process, args: command }), { mode: 0o600 });
  return file;
}
