// Runs another program and answers with what it printed; its failure is an error that ends with the last it said.
import { spawn } from "node:child_process";

export interface RunOptions {
  cwd?: string;
  /** Added to the environment of this process; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  stdin?: string;
}

/** Answers with standard output. */
export type Run = (argv: string[], options?: RunOptions) => Promise<string>;

const linesOfAnError = 15;

export const run: Run = ([command = "", ...args], { cwd, env, stdin } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    let [output, everything] = ["", ""];
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8");
    child.stdout.on("data", (chunk) => {
      output += chunk;
      everything += chunk;
    });
    child.stderr.on("data", (chunk) => {
      everything += chunk;
    });
    child.on("error", (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${nameOf(command, args)} failed with ${signal ?? code}:\n${endOf(everything)}`));
    });
    // A program that ends without reading its input says why in its output.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
  });

const nameOf = (command: string, args: string[]): string => [command, ...args].join(" ").slice(0, 200);

const endOf = (output: string): string => output.trimEnd().split("\n").slice(-linesOfAnError).join("\n");
