// Our processes as single JavaScript files. Running TypeScript directly costs each process a compiler (35 MiB) and
// start-up time; bundling all of them takes a third of a second, once at each start.
import { copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { bundleLauncher, launcherRun } from "@knvirt/launcher";
import { build } from "esbuild";
import { launcherFiles } from "./launcher-image.ts";

const repository = join(import.meta.dirname, "..");

const entries = {
  cluster: "standalone/cluster.ts",
  functions: "functions/runtime/main.ts",
  "node-executor": "node-executor/main.ts",
  gateway: "gateway/main.ts",
} as const;

export type ProgramName = keyof typeof entries;

const banner = [
  // Some packages are CommonJS inside and ask for `require`.
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  // The supervisor's channel breaks when it dies, however it dies. At once, because an orderly end would take away
  // sockets that the next supervisor's processes have just made.
  'if (process.channel) process.on("disconnect", () => process.exit(0)).channel.unref();',
].join("\n");

/** Path of each program's file. */
export async function bundlePrograms(folder: string): Promise<Record<ProgramName, string>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = Object.keys(entries) as ProgramName[];
  const launcher = launcherFiles(folder);
  const [paths] = await Promise.all([
    Promise.all(names.map(async (name) => [name, await bundle(folder, name)] as const)),
    bundleLauncher(launcher.bundle),
    copyFile(launcherRun, launcher.run),
  ]);
  return Object.fromEntries(paths) as Record<ProgramName, string>;
}

async function bundle(folder: string, name: ProgramName): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(repository, entries[name])],
    outfile: `${outfile}.new`,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: banner },
    // Names are in stack traces and logs; what is unused goes.
    treeShaking: true,
    logLevel: "error",
  });
  // A process that starts meanwhile reads the old file or the new one, never half of one.
  await rename(`${outfile}.new`, outfile);
  return outfile;
}
