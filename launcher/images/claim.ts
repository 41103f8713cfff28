// Disks that are there before the instance and after it: in claims, and in folders of the node. Always raw: what a guest
// wrote at the beginning of its disk must never decide how the disk is opened.
import { lstat, open } from "node:fs/promises";
import { basename, join } from "node:path";
import { claimDisk, type Volume } from "@knvirt/api";
import type { DiskImage } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import { ifThere } from "../if-there.ts";
import { supportsDirectIo } from "./direct-io.ts";
import { failureText } from "./failure.ts";
import type { Workplace } from "./workplace.ts";

export function claim(volume: Volume, workplace: Workplace): Promise<DiskImage> {
  const mode = volume.persistentVolumeClaim?.readOnly ? "r" : "r+";
  return claimedDisk(volume, workplace, mode);
}

/** The pod has mounted the claim either way, and so it says itself which it is. */
export async function claimedDisk(volume: Volume, workplace: Workplace, mode: "r" | "r+"): Promise<DiskImage> {
  const device = workplace.paths.claimDevice(volume.name);
  const isDevice = (await ifThere(lstat(device))) !== undefined;
  const path = isDevice ? device : join(workplace.paths.claim(volume.name), claimDisk);
  return rawDisk({
    path,
    isDevice,
    mode,
    what: whatOf(volume, workplace, isDevice ? "the block device" : claimDisk),
  });
}

export const hostDisk = (volume: Volume, workplace: Workplace): Promise<DiskImage> => {
  const { path = "" } = volume.hostDisk ?? {};
  const file = join(workplace.paths.hostDisk(volume.name), basename(path));
  return rawDisk({ path: file, isDevice: false, mode: "r+", what: whatOf(volume, workplace, path) });
};

const whatOf = ({ name }: Volume, { vmi }: Workplace, disk: string): string => `volume ${name} of ${vmi}: ${disk}`;

interface RawDisk {
  path: string;
  isDevice: boolean;
  mode: "r" | "r+";
  /** For messages. */
  what: string;
}

async function rawDisk(disk: RawDisk): Promise<DiskImage> {
  const { path, isDevice, mode, what } = disk;
  try {
    await requireDisk(disk);
    await (await open(path, mode)).close();
    return { path, ...(isDevice && { isDevice }), format: "raw", directIo: await supportsDirectIo(path) };
  } catch (error) {
    const found = error instanceof UnusableError ? error.message : failureText(error);
    throw new LauncherError("DiskInvalid", `${what} cannot be used: ${found}`, { cause: error });
  }
}

class UnusableError extends Error {
  override readonly name = "UnusableError";
}

/** A link is none: it could lead to any other file that is mounted here. */
async function requireDisk({ path, isDevice }: RawDisk): Promise<void> {
  const found = await lstat(path);
  if (isDevice && !found.isBlockDevice()) throw new UnusableError("it is no block device");
  if (isDevice) return;
  if (!found.isFile()) throw new UnusableError("it is no ordinary file, expected a raw disk image");
  if (found.size === 0) throw new UnusableError("it is empty, expected a raw disk image");
}
