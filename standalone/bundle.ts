// Our processes as single JavaScript files. Running TypeScript directly costs each process a compiler (35 MiB) and
// start-up time; bundling all of them takes a second, once at each start.
import { copyFile, mkdir } from "node:fs/promises";
import { bundle, launcherRun, programs as shippedPrograms, stopBundling } from "@knvirt/build";
import { launcherFiles } from "./launcher-image.ts";
import { type ProgramName, programFile, programs } from "./programs.ts";

/** The supervisor's channel breaks when it dies, however it dies. At once, because an orderly end would take away
 * sockets that the next supervisor's processes have just made. */
const endWithSupervisor = 'if (process.channel) process.on("disconnect", () => process.exit(0)).channel.unref();';

export async function bundlePrograms(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const launcher = launcherFiles(folder);
  await Promise.all([
    ...(Object.keys(programs) as ProgramName[]).map((name) =>
      bundle(programs[name], programFile(folder, name), [endWithSupervisor]),
    ),
    bundle(shippedPrograms.launcher, launcher.bundle),
    bundle(shippedPrograms.probe, launcher.probe),
    copyFile(launcherRun, launcher.run),
  ]);
  await stopBundling();
}
