// One program of the system, run to its end: what it is given, when it is cut off, and what its failure says.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ToolOptions {
  input?: string;
  /** Added to the environment of this process; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  signal?: AbortSignal;
  /** After that it is killed. */
  timeoutMs?: number;
  /** For a program that reads what strangers made. */
  limits?: Limits;
  /** Each line the program writes to its standard output while it runs. */
  onLine?: (line: string) => void;
}

interface Limits {
  cpuSeconds: number;
  addressSpaceKib: number;
}

interface Outcome {
  /** How it ended, as the rest of a sentence. */
  end: string;
  stdout: string;
  stderr: string;
  exitCode?: number;
  timedOut?: boolean;
}

export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when it was not run, or did not end by itself. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;

  constructor(command: string[], outcome: Outcome, options?: ErrorOptions) {
    const { end, stdout, stderr, exitCode, timedOut = false } = outcome;
    const said = lastWords(stdout, stderr);
    super(`${command.join(" ").slice(0, longestCommand)} ${end}${said && `: ${said}`}`, options);
    this.stdout = stdout;
    this.stderr = stderr;
    this.exitCode = exitCode;
    this.timedOut = timedOut;
  }
}

const longestCommand = 200;
const mostLines = 15;
const mostCharacters = 2000;

/** The complaint comes last; when it is short, what was printed tells where the program was. */
const lastWords = (...streams: string[]): string =>
  streams
    .flatMap((text) => text.trim().split("\n"))
    .filter(Boolean)
    .slice(-mostLines)
    .join("\n")
    .slice(-mostCharacters);

/** How much of each stream is kept: error texts matter, dumps do not. */
const keptCharacters = 4 * 1024 * 1024;

/** Answers with the standard output. The tool is an absolute path or a name found in PATH. */
export function runTool(tool: string, args: string[], options: ToolOptions = {}): Promise<string> {
  const { input = "", env, cwd, signal, timeoutMs, limits, onLine } = options;
  const command = [tool, ...args];
  const [program = tool, ...rest] = limits ? within(limits, command) : command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { env: { ...process.env, LC_ALL: "C", ...env }, cwd, signal });
    const kept = { stdout: "", stderr: "" };
    const fail = (how: Omit<Outcome, "stdout" | "stderr">, cause?: Error): void =>
      reject(new ToolError(command, { ...kept, ...how }, { cause }));
    child.on("error", (error) =>
      fail({ end: signal?.aborted ? "was given up" : `cannot be run: ${error.message}` }, error),
    );
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        if (kept[stream].length < keptCharacters) kept[stream] += text;
      });
    if (onLine) createInterface({ input: child.stdout }).on("line", onLine);
    const deadline = timeoutMs && setTimeout(cutOff, timeoutMs, timeoutMs / 1000);
    child.on("close", (code, endedBy) => {
      clearTimeout(deadline);
      if (code === 0) resolve(kept.stdout);
      else if (code === null) fail({ end: `was ended by ${endedBy}` });
      else fail({ end: `ended with code ${code}`, exitCode: code });
    });
    // A program that ends without reading its input closes the pipe; its exit code tells the story.
    child.stdin.on("error", () => undefined).end(input);

    /** Its children may live on and hold its output open: they are not waited for. */
    function cutOff(seconds: number): void {
      child.kill("SIGKILL");
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      fail({ end: `took longer than ${seconds} s`, timedOut: true });
    }
  });
}

/** A shell takes the limits upon itself, and becomes the program. */
const within = ({ cpuSeconds, addressSpaceKib }: Limits, command: string[]): string[] => [
  ...["/bin/sh", "-c", `ulimit -t ${cpuSeconds} && ulimit -v ${addressSpaceKib} && exec "$0" "$@"`],
  ...command,
];
