// The programs that ship: where each begins in the sources, and in which form it is bundled.
import { join } from "node:path";

export const repository = join(import.meta.dirname, "..");

export interface Program {
  /** Below the repository. */
  entry: string;
  format: "esm" | "cjs";
  /** What it must not take in. */
  external?: string[];
}

export const programs = {
  functions: { entry: "functions/runtime/main.ts", format: "esm" },
  source: { entry: "functions/source.ts", format: "esm" },
  controller: { entry: "functions/controller.ts", format: "esm" },
  gateway: { entry: "gateway/main.ts", format: "esm" },
  "node-executor": { entry: "node-executor/main.ts", format: "esm" },
  launcher: {
    entry: "launcher/main.ts",
    format: "cjs",
    // gRPC would load it, and a megabyte with it, for an administration service that nobody asks for.
    external: ["@grpc/proto-loader"],
  },
  probe: { entry: "launcher/probe.ts", format: "cjs", external: ["@grpc/proto-loader"] },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

/** Runs under tini as the launcher's program, and keeps the bundle running. */
export const launcherRun = join(repository, "launcher/launcher-run");
