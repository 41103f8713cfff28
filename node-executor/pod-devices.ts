// Device nodes of a launcher pod, made usable for its user. A device plugin cannot say who owns them, and a node's are
// often root's alone. Each container has nodes of its own: those of the host stay as they are.
import { chownSync, closeSync, fstatSync, type Stats, statSync } from "node:fs";
import { launcherPath, launcherUser, type VirtualMachineInstance, volumeClaims } from "@knvirt/api";
import { nodeDevices } from "./device-plugins/devices.ts";
import type { LauncherProcess } from "./launcher-process.ts";
import { openFileBelow, pathOfDescriptor } from "./no-follow.ts";

/**
 * Of the container that this process is in. Doing it again changes nothing. What is not there is not missed here: what
 * needs it says so itself. Should the process see the host's files, those of the host's `/dev` are left alone.
 */
export function giveDevices(
  { pid, isStillOurs }: LauncherProcess,
  devDir: string,
  blockDevices: readonly string[] = [],
): void {
  const host = statSync(devDir).dev;
  const places = [...nodeDevices.map(({ steps }) => ["dev", ...steps]), ...blockDevices.map(stepsOf)];
  for (const steps of places) {
    const descriptor = openFileBelow(`/proc/${pid}/root`, steps);
    if (descriptor !== undefined) give(descriptor, (node) => node.dev !== host && isStillOurs());
  }
}

/** Claims that are block devices; those of an instance that are none are not there. */
export const claimDevices = ({ spec }: VirtualMachineInstance): string[] =>
  Object.keys(volumeClaims(spec)).map(launcherPath.claimDevice);

const stepsOf = (path: string): string[] => path.split("/").slice(1);

function give(descriptor: number, isOfPod: (node: Stats) => boolean): void {
  try {
    const node = fstatSync(descriptor);
    if (isToBeGiven(node) && isOfPod(node)) chownSync(pathOfDescriptor(descriptor), launcherUser, -1);
  } finally {
    closeSync(descriptor);
  }
}

const [readAndWrite, ownerBits, othersBits] = [0o6, 0o600, 0o006];

/** A device that everybody may use stays, and so does one that not even its owner may. */
function isToBeGiven(node: Stats): boolean {
  const isForAll = (node.mode & othersBits) === readAndWrite;
  const isForOwner = (node.mode & ownerBits) === ownerBits;
  return (node.isCharacterDevice() || node.isBlockDevice()) && !isForAll && isForOwner && node.uid !== launcherUser;
}
