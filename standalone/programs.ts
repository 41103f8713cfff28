// The programs of an instance: where each begins in the sources, and its bundle in the data directory.
import { join } from "node:path";

export const programs = {
  /** The foreground process, once everything is prepared. */
  serve: "standalone/serve.ts",
  cluster: "standalone/cluster.ts",
  functions: "functions/runtime/main.ts",
  "node-executor": "node-executor/main.ts",
  gateway: "gateway/main.ts",
} as const;

export type ProgramName = keyof typeof programs;

export const programFile = (folder: string, name: ProgramName): string => join(folder, `${name}.mjs`);

/** V8 lets its young generation grow to 48 MiB in each process before it tidies up; with 50 VMs this keeps a third of
 * the control plane's memory away. */
export const nodeOptions = ["--max-semi-space-size=2"];
