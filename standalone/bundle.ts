// Our processes as single JavaScript files. Running TypeScript directly costs each process a compiler (35 MiB) and
// start-up time; bundling all of them takes a second, once at each start.
import { copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { bundleLauncher, launcherRun } from "@knvirt/launcher";
import { build, stop } from "esbuild";
import { launcherFiles } from "./launcher-image.ts";
import { type ProgramName, programFile, programs } from "./programs.ts";

const repository = join(import.meta.dirname, "..");

const banner = [
  // Some packages are CommonJS inside and ask for `require`.
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  // The supervisor's channel breaks when it dies, however it dies. At once, because an orderly end would take away
  // sockets that the next supervisor's processes have just made.
  'if (process.channel) process.on("disconnect", () => process.exit(0)).channel.unref();',
].join("\n");

export async function bundlePrograms(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const launcher = launcherFiles(folder);
  await Promise.all([
    ...(Object.keys(programs) as ProgramName[]).map((name) => bundle(folder, name)),
    bundleLauncher(launcher.bundle),
    copyFile(launcherRun, launcher.run),
  ]);
  // Its service would stay with this process, and hold hundreds of MiB.
  await stop();
}

async function bundle(folder: string, name: ProgramName): Promise<void> {
  const outfile = programFile(folder, name);
  await build({
    entryPoints: [join(repository, programs[name])],
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
}
