// What each image takes in beside its packages: bundled programs, scripts, and the binary of Node.
import { copyFile, mkdir, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { bundle, stopBundling } from "./bundle.ts";
import { linkNode } from "./node-binary.ts";
import { launcherRun, type Program, type ProgramName, programs, repository } from "./programs.ts";

interface ImageFiles {
  /** Their file names in the image. */
  programs: Partial<Record<ProgramName, string>>;
  scripts: string[];
}

const images = {
  functions: {
    programs: { functions: "functions.mjs", source: "source.mjs", controller: "controller.mjs" },
    scripts: [],
  },
  gateway: { programs: { gateway: "gateway.mjs" }, scripts: [] },
  "node-executor": { programs: { "node-executor": "node-executor.mjs" }, scripts: [] },
  launcher: { programs: { launcher: "launcher.js", probe: "launcher-probe.js" }, scripts: [launcherRun] },
} satisfies Record<string, ImageFiles>;

export type ImageName = keyof typeof images;
export const imageNames = Object.keys(images) as ImageName[];

export const imageFolder = (name: ImageName): string => join(repository, "dist", name);

/** Answers with what the reader of the build should know. */
export async function buildImageFiles(): Promise<string[]> {
  for (const name of imageNames) await mkdir(imageFolder(name), { recursive: true });
  const [remarks] = await Promise.all([linkNode(imageNames.map(imageFolder)), ...imageNames.map(writeFiles)]);
  await stopBundling();
  return remarks;
}

async function writeFiles(name: ImageName): Promise<void> {
  const { programs: wanted, scripts }: ImageFiles = images[name];
  const folder = imageFolder(name);
  await Promise.all([
    ...Object.entries(wanted).map(async ([program, file]) => {
      const target = join(folder, file);
      await bundle(programs[program as ProgramName] as Program, target);
      await withoutDate(target);
    }),
    ...scripts.map(async (script) => {
      const target = join(folder, basename(script));
      await copyFile(script, target);
      await withoutDate(target);
    }),
  ]);
}

/** Builders compare dates too: the same content is to be the same layer. */
const withoutDate = (file: string): Promise<void> => utimes(file, 0, 0);
