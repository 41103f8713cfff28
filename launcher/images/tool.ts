// Runs one of the programs that make images, within limits: what they read was made by strangers.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

const cpuSeconds = 10;
const addressSpaceKib = 2_000 * 1024;
const timeoutMs = 60_000;

export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** Answers what the program printed. */
export async function runTool(program: string, ...args: string[]): Promise<string> {
  const limits = `ulimit -t ${cpuSeconds} && ulimit -v ${addressSpaceKib} && exec "$0" "$@"`;
  try {
    const { stdout } = await run("/bin/sh", ["-c", limits, program, ...args], {
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    return stdout;
  } catch (error) {
    const { stderr = "", signal, code } = error as { stderr?: string; signal?: string | null; code?: number };
    const said = stderr.trim().split("\n").at(-1) || (signal ? `killed by ${signal}` : `exit code ${code}`);
    throw new ToolError(`${program}: ${said}`, { cause: error });
  }
}
