// Disks in claims and in folders of the node, made and given to the launcher's user. The guest's owner may have written
// there before, so nothing is believed: no link is followed, and only an ordinary file is touched.
import { closeSync, fchmodSync, fchownSync, fstatSync, ftruncateSync, type Stats, statfsSync } from "node:fs";
import { basename } from "node:path";
import {
  annotation,
  claimDisk,
  launcherPath,
  launcherUser,
  type VirtualMachineInstance,
  type Volume,
} from "@knvirt/api";
import { formatBytes, type Pod, parseQuantity } from "@knvirt/kubernetes";
import { ExecutorError } from "./errors.ts";
import type { LauncherProcess } from "./launcher-process.ts";
import { createFileBelow, openFileBelow, openWritableFileBelow, pathOfDescriptor } from "./no-follow.ts";

export interface PodDisk {
  volume: string;
  /** Where the launcher sees its folder. */
  folder: string;
  file: string;
  /** Of a disk that is missing; undefined when it has to be there. */
  bytes: number | undefined;
}

/** Disks that the launcher writes to; what it only reads stays as its owner left it. */
export function podDisks({ spec: { volumes = [] } }: VirtualMachineInstance, pod: Pod): PodDisk[] {
  const sizes = claimSizes(pod);
  return volumes.flatMap((volume) => hostDisk(volume) ?? claimedDisk(volume, sizes[volume.name]) ?? []);
}

function hostDisk({ name, hostDisk: disk }: Volume): PodDisk | undefined {
  if (!disk) return undefined;
  const bytes = disk.type === "DiskOrCreate" ? wholeMebibytes(parseQuantity(disk.capacity ?? 0)) : undefined;
  return { volume: name, folder: launcherPath.hostDisk(name), file: basename(disk.path), bytes };
}

function claimedDisk({ name, persistentVolumeClaim, dataVolume }: Volume, bytes: unknown): PodDisk | undefined {
  if (!dataVolume && (!persistentVolumeClaim || persistentVolumeClaim.readOnly)) return undefined;
  const size = typeof bytes === "number" && bytes > 0 ? bytes : undefined;
  return { volume: name, folder: launcherPath.claim(name), file: claimDisk, bytes: size };
}

/** Whoever may annotate pods may have written there too. */
function claimSizes({ metadata }: Pod): Record<string, unknown> {
  try {
    return { ...(JSON.parse(metadata.annotations?.[annotation.diskBytes] ?? "{}") as object) };
  } catch {
    return {};
  }
}

/** Answers with what the user should know. A disk whose folder is not mounted is the launcher's to miss. */
export function giveDisks(launcher: LauncherProcess, disks: readonly PodDisk[]): string[] {
  return disks.flatMap((disk) => giveDisk(launcher, disk) ?? []);
}

function giveDisk({ pid, isStillOurs }: LauncherProcess, disk: PodDisk): string | undefined {
  const root = `/proc/${pid}/root`;
  const folder = disk.folder.split("/").slice(1);
  const mount = openFileBelow(root, folder);
  if (mount === undefined) return undefined;
  try {
    if (!isStillOurs()) return undefined; // its number is another process's by now: this is somebody else's folder
    const place = pathOfDescriptor(mount);
    const file = openWritableFileBelow(place, [disk.file]) ?? (disk.bytes && createFileBelow(place, [disk.file]));
    return file ? prepare(file, { ...disk, place }) : undefined;
  } catch (error) {
    throw explained(disk, error);
  } finally {
    closeSync(mount);
  }
}

/** In words of the volume: the path in the pod is known to nobody. */
function explained({ volume, file }: PodDisk, error: unknown): ExecutorError {
  const what = `volume ${volume}: ${file}`;
  if (!(error instanceof ExecutorError)) {
    const { code, message } = error as NodeJS.ErrnoException;
    const text = `${what} cannot be made or opened: ${code ?? message}`;
    return new ExecutorError("DiskPreparationFailed", text, { cause: error });
  }
  if (error.reason !== "UnsafePath") return error;
  return new ExecutorError("UnsafePath", `${what} is no ordinary file: it is not followed`, { cause: error });
}

function prepare(file: number, disk: PodDisk & { place: string }): string | undefined {
  try {
    const found = fstatSync(file);
    if (!isUsable(found)) {
      fchownSync(file, launcherUser, launcherUser);
      fchmodSync(file, 0o660);
    }
    // Without content it was being made when we were killed.
    return found.size === 0 && disk.bytes ? grow(file, disk, disk.bytes) : undefined;
  } finally {
    closeSync(file);
  }
}

const [ownerMay, groupMay, othersMay] = [0o600, 0o060, 0o006];
const has = (mode: number, bits: number): boolean => (mode & bits) === bits;

function isUsable({ mode, uid, gid }: Stats): boolean {
  if (uid === launcherUser) return has(mode, ownerMay);
  return gid === launcherUser ? has(mode, groupMay) : has(mode, othersMay);
}

/** Upstream's: left free for the file system itself, and how much less than asked for will do. */
const [reservedBytes, toleratedShare] = [131_072, 0.1];

/** Sparse: the guest fills it. */
function grow(file: number, { volume, place }: PodDisk & { place: string }, wanted: number): string | undefined {
  const { bavail, bsize } = statfsSync(place);
  const free = wholeMebibytes(bavail * bsize - reservedBytes);
  if (free >= wanted) {
    ftruncateSync(file, wanted);
    return undefined;
  }
  const found = `volume ${volume} has room for ${formatBytes(Math.max(0, free))}, expected ${formatBytes(wanted)}`;
  if (free < wanted * (1 - toleratedShare)) throw new ExecutorError("DiskTooLarge", found);
  ftruncateSync(file, free);
  return `${found}: its disk is made that much smaller`;
}

const mebibyte = 2 ** 20;
const wholeMebibytes = (bytes: number): number => Math.floor(bytes / mebibyte) * mebibyte;
