// Programs of a Go module, built once into a folder of the cache that is named after all that decides them.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ClusterContext } from "./context.ts";

export interface GoModule {
  name: string;
  /** Holds go.mod, go.sum and, when it is a program itself, its source. */
  folder: string;
  /** What is built; every package gives a binary of the last part of its path. */
  packages: string[];
  flags: string[];
}

type Builder = Pick<ClusterContext, "cache" | "progress" | "run">;

/** Reproducible, static, and without what only a debugger reads. */
const always = ["-trimpath", "-buildvcs=false"];
/** GOFLAGS of this machine could change what is built. */
const env = { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };

/** Answers with the folder of the binaries. A build that was cut off goes on where it was: Go keeps its objects. */
export async function buildGo(context: Builder, module: GoModule): Promise<string> {
  const target = join(context.cache, "bin", `${module.name}-${await digestOf(module)}`);
  return context.progress.step(`build ${module.name}`, async (say) => {
    if (existsSync(target)) {
      say("cached");
      return target;
    }
    await removeLeftovers(target);
    // Its own: the compiler of a build that was killed may still be at work.
    const part = `${target}.part-${process.pid}`;
    await compile(context, module, part);
    await rename(part, target);
    return target;
  });
}

async function compile({ run }: Builder, { folder, flags, packages }: GoModule, part: string): Promise<void> {
  await run(["go", "version"]).catch(() => {
    throw new Error("go is missing: it builds Kubernetes, Knative and containerd; install Go 1.26 or later");
  });
  await mkdir(part, { recursive: true });
  await run(["nice", "-n", "5", "go", "build", ...always, ...flags, "-o", `${part}/`, ...packages], {
    cwd: folder,
    env,
  });
}

async function removeLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder))
    if (name.startsWith(`${basename(target)}.part-`)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Of the module's files, since they name every source by its checksum, and of how they are built. */
export async function digestOf({ folder, packages, flags }: GoModule): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([always, env, flags, packages, process.arch]));
  const sources = (await readdir(folder)).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file));
  for (const file of sources.sort()) hash.update(file).update(await readFile(join(folder, file)));
  return hash.digest("hex").slice(0, 12);
}
