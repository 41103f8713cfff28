// The images of this repository for the cluster's nodes: built where neither a registry nor a container engine is, kept
// as archives, and built again only when something in them has changed.
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildImageFiles, type ImageName, imageNames } from "@knvirt/build";
import type { ClusterContext } from "../context.ts";
import { inTurn } from "../lock.ts";
import { baseImage } from "./base.ts";
import { type Builder, createBuilder } from "./builder.ts";
import { guestArchive } from "./guest.ts";
import { imageKey } from "./key.ts";

type Context = Pick<ClusterContext, "cache" | "progress" | "run">;

/** What the manifests call knvirt/NAME. Knative does not ask a registry about names that begin like this. */
const imageName = (name: string): string => `dev.local/knvirt/${name}:dev`;

const folderIn = ({ cache }: Pick<Context, "cache">): string => join(cache, "images");

export async function buildImages(context: Context): Promise<void> {
  const folder = folderIn(context);
  await mkdir(folder, { recursive: true });
  await inTurn(join(folder, "lock"), () => buildInTurn(context));
}

async function buildInTurn(context: Context): Promise<void> {
  const { progress, run } = context;
  const folder = folderIn(context);
  const builder = await createBuilder(run, folder);
  await progress.step("programs of our images", async () => void (await buildImageFiles()));
  const base = await progress.step("image base", (say) => baseImage({ run, folder, builder }, say));
  for (const name of imageNames)
    await progress.step(`image ${name}`, async (say) => {
      const kept = await buildImage({ folder, builder, base, say }, name);
      await removeOthers(folder, name, kept);
    });
  await progress.step("image guest", async (say) => {
    const kept = await guestArchive({ run, folder, name: imageName("guest") }, say);
    await removeOthers(folder, "guest", kept);
  });
}

/** One of each image, made by buildImages. */
export async function imageArchives(context: Pick<Context, "cache">): Promise<string[]> {
  const folder = folderIn(context);
  const files = await readdir(folder);
  return [...imageNames, "guest"].map((name) => {
    const file = files.find((file) => isArchiveOf(name, file));
    if (!file)
      throw new Error(`image ${name} is missing: no archive of it in ${folder}, expected one by buildImages`);
    return join(folder, file);
  });
}

interface Workplace {
  folder: string;
  builder: Builder;
  base: string;
  say(remark: string): void;
}

/** Answers with the archive's file name. */
async function buildImage({ folder, builder, base, say }: Workplace, image: ImageName): Promise<string> {
  const file = `${image}-${await imageKey(image, base)}.tar`;
  const isThere = (await readdir(folder)).includes(file);
  say(isThere ? "cached" : "built");
  if (isThere) return file;
  const name = imageName(image);
  await builder.build({ dockerfile: `${image}/Dockerfile`, base, name });
  await builder.save(name, join(folder, file));
  return file;
}

/** Earlier versions of an image are of no use to anybody. */
async function removeOthers(folder: string, image: string, kept: string): Promise<void> {
  for (const file of await readdir(folder))
    if (isArchiveOf(image, file) && file !== kept) await rm(join(folder, file));
}

const isArchiveOf = (image: string, file: string): boolean =>
  file.startsWith(`${image}-`) && /^[0-9a-f]{12}\.tar$/.test(file.slice(image.length + 1));
