// Makes the launcher one file that Node runs with nothing beside it.
import { join } from "node:path";
import { build } from "esbuild";

/** Runs under tini as the container's program. */
export const launcherRun = join(import.meta.dirname, "launcher-run");

export async function bundleLauncher(outFile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    outfile: outFile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    // gRPC would load it, and a megabyte with it, for an administration service that nobody asks for.
    external: ["@grpc/proto-loader"],
    logLevel: "warning",
  });
}
