// The programs of an instance: where each begins in the sources, and its bundle in the data directory.
import { join } from "node:path";
import { programs as shipped } from "@knvirt/build";

export const programs = {
  /** The foreground process, once everything is prepared. */
  serve: { entry: "standalone/serve.ts", format: "esm" },
  cluster: { entry: "standalone/cluster.ts", format: "esm" },
  functions: shipped.functions,
  "node-executor": shipped["node-executor"],
  gateway: shipped.gateway,
} as const;

export type ProgramName = keyof typeof programs;

export const programFile = (folder: string, name: ProgramName): string => join(folder, `${name}.mjs`);

/** V8 lets its young generation grow to 48 MiB in each process before it tidies up; with 50 VMs this keeps a third of
 * the control plane's memory away. */
export const nodeOptions = ["--max-semi-space-size=2"];
