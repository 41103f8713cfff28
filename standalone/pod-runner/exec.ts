// A program that is run beside those of a container, as its user and with its rights.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool, ToolError } from "@knvirt/tools";
import { writeAtomically } from "./atomic-file.ts";
import type { Instance } from "./instance.ts";
import type { ContainerPlace, Runtime } from "./runtime.ts";

export interface Exec extends ContainerPlace {
  command: string[];
  timeoutMs: number;
}

/** Fails with what the program said when that fails. */
export async function execInContainer({ crunRoot }: Instance, { program }: Runtime, exec: Exec): Promise<void> {
  const { id, command, timeoutMs } = exec;
  const file = await processFile(exec);
  try {
    await runTool(program, ["--root", crunRoot, "exec", "--process", file, id], { timeoutMs });
  } catch (error) {
    if (!(error instanceof ToolError) || error.timedOut) throw error;
    const said = `${error.stdout}${error.stderr}`.trim();
    throw new Error(`${command[0]} ended with code ${error.exitCode ?? "unknown"}${said && `: ${said}`}`, {
      cause: error,
    });
  }
}

/** crun would run it as root. The same command is always in the same file. */
async function processFile({ bundle, command }: Exec): Promise<string> {
  const config = JSON.parse(await readFile(join(bundle, "config.json"), "utf8")) as { process: object };
  const file = join(
    bundle,
    `exec-${createHash("sha256").update(JSON.stringify(command)).digest("hex").slice(0, 16)}`,
  );
  await writeAtomically(file, JSON.stringify({ ...config.process, args: command }), { mode: 0o600 });
  return file;
}
