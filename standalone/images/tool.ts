// Runs one program of the machine to its end; what it said when it failed is in the error.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly tool: string;
  readonly stderr: string;
  readonly stdout: string;

  constructor(tool: string, outcome: { said: string; stderr: string; stdout: string }, options?: ErrorOptions) {
    super(`${tool} failed: ${outcome.said}`, options);
    this.tool = tool;
    this.stderr = outcome.stderr;
    this.stdout = outcome.stdout;
  }
}

export interface ToolOptions {
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
  signal?: AbortSignal;
  /** Each line the program writes to its standard output while it runs. */
  onLine?: (line: string) => void;
}

/** How much a program may say before we stop keeping it: error texts matter, dumps do not. */
const keptCharacters = 4_000_000;

/** Answers with the standard output. An absolute path or a name found in PATH; never a shell. */
export function runTool(tool: string, args: string[], options: ToolOptions = {}): Promise<string> {
  const { input, onLine, signal, cwd } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C", ...options.env },
      ...(signal && { signal }),
      ...(cwd !== undefined && { cwd }),
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => keep(output, "stdout", text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => keep(output, "stderr", text));
    if (onLine) createInterface({ input: child.stdout }).on("line", onLine);
    child.on("error", (error) => reject(new ToolError(tool, { ...output, said: error.message }, { cause: error })));
    child.on("close", (code, endedBy) => {
      if (code === 0) resolve(output.stdout);
      else reject(new ToolError(tool, { ...output, said: lastWords(output, endedBy ?? `exit code ${code}`) }));
    });
    // A program that ends without reading its input closes the pipe; its exit code tells the story.
    child.stdin.on("error", () => undefined).end(input ?? "");
  });
}

function keep(output: { stdout: string; stderr: string }, stream: "stdout" | "stderr", text: string): void {
  if (output[stream].length < keptCharacters) output[stream] += text;
}

function lastWords({ stderr, stdout }: { stderr: string; stdout: string }, otherwise: string): string {
  const said = stderr.trim() || stdout.trim();
  return said ? said.slice(-2000) : otherwise;
}
