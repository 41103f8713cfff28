// How a program becomes one JavaScript file that Node runs with nothing beside it.
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { build, stop } from "esbuild";
import { type Program, repository } from "./programs.ts";

/** Some packages are CommonJS inside and ask for `require`. */
const requireInModules =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Lines at the head of the file run before the program. */
export async function bundle(program: Program, outFile: string, head: string[] = []): Promise<void> {
  const { entry, format, external = [] } = program;
  await build({
    entryPoints: [join(repository, entry)],
    outfile: `${outFile}.new`,
    bundle: true,
    platform: "node",
    target: "node24",
    format,
    banner: { js: [...(format === "esm" ? [requireInModules] : []), ...head].join("\n") },
    // Names are in stack traces and logs; what is unused goes.
    treeShaking: true,
    external,
    logLevel: "error",
  });
  // A process that starts meanwhile reads the old file or the new one, never half of one.
  await rename(`${outFile}.new`, outFile);
}

/** esbuild's service would stay with this process, and hold hundreds of MiB. */
export const stopBundling = (): Promise<void> => stop();
