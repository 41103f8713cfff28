// One command of the system, given its input, held to a deadline.
import { spawn } from "node:child_process";

export interface CommandOptions {
  input?: string;
  timeoutMs?: number;
}

const longestOutput = 1024 * 1024;

/** What it printed. Throws with its complaint when it fails, is killed, or takes too long. */
export function run(command: string, args: string[], { input = "", timeoutMs = 10_000 }: CommandOptions = {}) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      env: { ...process.env, LC_ALL: "C" },
    });
    const [output, complaint] = [collect(child.stdout), collect(child.stderr)];
    child.on("error", (cause) => reject(new Error(`${command} cannot be run: ${cause.message}`, { cause })));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output());
      const end = signal ? `was ended by ${signal} (limit ${timeoutMs} ms)` : `ended with code ${code}`;
      return reject(new Error(`${command} ${args.join(" ")} ${end}: ${complaint().trim()}`));
    });
    // A command that fails early closes its input: what counts is its complaint.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    if (text.length < longestOutput) text += chunk;
  });
  return () => text;
}
