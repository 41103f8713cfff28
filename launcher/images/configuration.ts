// CD-ROM images with values of the cluster: ConfigMaps, Secrets, service accounts, what the pod says of itself.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Volume } from "@knvirt/api";
import type { DiskImage } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import { ifThere } from "../if-there.ts";
import { isoImage } from "./iso.ts";
import type { Workplace } from "./workplace.ts";

/** Upstream's. */
const usualLabel = "cfgdata";

/** As files were mounted: what the cluster had when the pod was made. */
export const configuration = (volume: Volume, workplace: Workplace): Promise<DiskImage> =>
  isoImage(volume, workplace, async () => ({
    label: (volume.configMap ?? volume.secret ?? volume.downwardAPI)?.volumeLabel ?? usualLabel,
    isForAll: true,
    files: await filesIn(workplace.paths.configuration(volume.name)),
  }));

const answerFiles = ["autounattend.xml", "unattend.xml"];

/** Windows looks for its answers under these names only: without one its installer would wait for ever. */
export const sysprep = (volume: Volume, workplace: Workplace): Promise<DiskImage> =>
  isoImage(volume, workplace, async () => {
    const files = await filesIn(workplace.paths.configuration(volume.name));
    const names = [...files.keys()];
    if (names.some((name) => answerFiles.includes(name.toLowerCase())))
      return { label: "unattendCD", isForAll: true, files };
    throw new LauncherError(
      "SysprepInvalid",
      `volume ${volume.name} of ${workplace.vmi}: sysprep has ${names.join(", ") || "no values"}, expected ${answerFiles.join(" or ")}`,
    );
  });

export const serviceAccount = (volume: Volume, workplace: Workplace): Promise<DiskImage> =>
  isoImage(volume, workplace, async () => {
    const files = await ifThere(filesIn(workplace.paths.serviceAccount));
    if (files?.has("token")) return { label: usualLabel, isForAll: true, files };
    throw new LauncherError(
      "ServiceAccountInvalid",
      `volume ${volume.name} of ${workplace.vmi}: service account ${volume.serviceAccount?.serviceAccountName} has no token in the launcher pod: expected a cluster that mounts one`,
    );
  });

/** A name that begins with two dots is the kubelet's own: behind it are the files of one version. */
async function filesIn(directory: string, below = ""): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(join(directory, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.name.startsWith("..")) continue;
    const inner = await directoryIn(directory, path);
    if (inner) for (const [name, content] of inner) files.set(name, content);
    else files.set(path, await readFile(join(directory, path)));
  }
  return files;
}

/** Undefined for a file; also where a link of the kubelet's leads to a folder. */
const directoryIn = async (directory: string, path: string): Promise<Map<string, Buffer> | undefined> => {
  try {
    return await filesIn(directory, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
};
