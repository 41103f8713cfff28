// Builds Knative's programs from pinned modules into two archives of images and the objects to install, once for each
// state of the pins: what is in the cache under their hash is taken as it is.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterContext } from "../context.ts";
import { buildGo, digestOf, type GoModule } from "../go-build.ts";
import { type Image, writeArchive } from "../oci-archive.ts";
import { envoy, requirements } from "./envoy.ts";
import { envoyImage, imageOf, type Program, programsOf, runsEverywhere } from "./programs.ts";
import { manifestModules, readUpstream } from "./upstream.ts";

export type Builder = Pick<ClusterContext, "cache" | "progress" | "run">;

const folder = join(import.meta.dirname, "..", "go", "knative");
const withoutSymbols = ["-ldflags=-s -w"];

/** What a build leaves behind, and what an installation starts from. */
export interface Built {
  /** Of the images: the hash of the pins. */
  tag: string;
  files: {
    /** Images of the pods that can run on any node. */
    everywhere: string;
    /** Images of Knative's own pods, which are kept on one node. */
    firstNode: string;
    /** Upstream's objects, unchanged, as JSON. */
    objects: string;
  };
}

export async function builtKnative(cache: string): Promise<Built> {
  const hash = createHash("sha256").update(await readFile(requirements));
  for (const module of goModules(await programs())) hash.update(await digestOf(module));
  const tag = hash.digest("hex").slice(0, 12);
  const file = (name: string) => join(cache, "knative", tag, name);
  const files = {
    everywhere: file("everywhere.tar"),
    firstNode: file("first-node.tar"),
    objects: file("objects.json"),
  };
  return { tag, files };
}

export async function buildKnative(context: Builder): Promise<void> {
  const { tag, files } = await builtKnative(context.cache);
  const isBuilt = Object.values(files).every((file) => existsSync(file));
  if (isBuilt) return context.progress.step("build knative", async (say) => say("cached"));
  const images = await goImages(context);
  await context.progress.step("images of knative", async () => {
    const work = join(context.cache, "knative", `${tag}.building`);
    await mkdir(join(context.cache, "knative", tag), { recursive: true });
    images.push({ name: envoyImage, ...(await envoy(context.run, work)) });
    const tagged = images.map((image) => ({ ...image, name: `${image.name}:${tag}` }));
    const anywhere = Map.groupBy(tagged, ({ name }) => runsEverywhere(name));
    await writeArchive(context.run, anywhere.get(true) ?? [], files.everywhere);
    await writeArchive(context.run, anywhere.get(false) ?? [], files.firstNode);
    await writeFile(`${files.objects}.part`, JSON.stringify(await readUpstream(await moduleFolders(context))));
    await rename(`${files.objects}.part`, files.objects);
    await rm(work, { recursive: true });
  });
}

async function goImages(context: Builder): Promise<Image[]> {
  const all = await programs();
  const images: Image[] = [];
  for (const module of goModules(all)) {
    const binaries = await buildGo(context, module);
    const its = all.filter((program) => module.packages.includes(program.package));
    images.push(...its.map((program) => goImage(program, binaries)));
  }
  return images;
}

/** One compilation for each of Knative's modules: names of programs are unique in a module only. */
const goModules = (programs: Program[]): GoModule[] =>
  [...Map.groupBy(programs, ({ module }) => module)].map(([module, its]) => ({
    name: `knative-${module}`,
    folder,
    packages: its.map((program) => program.package),
    flags: withoutSymbols,
  }));

function goImage({ package: path, binary }: Program, binaries: string): Image {
  const inImage = `/knative/${binary}`;
  return { name: imageOf(path), entrypoint: [inImage], files: { [inImage]: join(binaries, binary) } };
}

const programs = async (): Promise<Program[]> => programsOf(await readFile(join(folder, "go.mod"), "utf8"));

async function moduleFolders({ run }: Builder): Promise<Record<string, string>> {
  // Go's own cache may have been emptied since the programs were built.
  await run(["go", "mod", "download", ...manifestModules], { cwd: folder });
  const listing = await run(["go", "list", "-m", "-f", "{{.Path}} {{.Dir}}", ...manifestModules], { cwd: folder });
  return Object.fromEntries(
    listing
      .trim()
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
}
