// Reads an OCI image layout as skopeo leaves it, and unpacks the image in it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { ImageError } from "./errors.ts";

/** What an image says about running it. */
export interface ImageConfig {
  entrypoint: string[];
  cmd: string[];
  env: string[];
  user: string;
  workingDir: string;
}

interface Descriptor {
  digest: string;
  mediaType?: string;
}

interface ConfigBlob {
  config?: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; User?: string; WorkingDir?: string };
}

/** Our own layouts hold one image under one tag. */
export const layoutTag = "image";

export async function readLayout(layout: string): Promise<{ digest: string; config: ImageConfig }> {
  const { manifests } = await readJson<{ manifests: Descriptor[] }>(join(layout, "index.json"));
  const manifest = manifests[0];
  if (!manifest) throw new ImageError("BadImage", `image layout ${layout} is empty: its index names no manifest`);
  const { config } = await readJson<{ config: Descriptor }>(blob(layout, manifest.digest));
  const { config: said = {} } = await readJson<ConfigBlob>(blob(layout, config.digest));
  return {
    digest: manifest.digest,
    config: {
      entrypoint: said.Entrypoint ?? [],
      cmd: said.Cmd ?? [],
      env: said.Env ?? [],
      user: said.User ?? "",
      workingDir: said.WorkingDir || "/",
    },
  };
}

/** `raw unpack` leaves out the file hashes that only repacking needs: half the time for large disks. */
export async function unpack(layout: string, rootfs: string): Promise<void> {
  await runTool("umoci", ["raw", "unpack", "--image", `${layout}:${layoutTag}`, rootfs]);
}

const blob = (layout: string, digest: string): string => join(layout, "blobs", ...digest.split(":"));

const readJson = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, "utf8")) as T;
