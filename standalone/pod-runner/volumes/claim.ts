// Storage of claims: a folder or a file of this machine, made when the first pod needs it.
import { chmod, chown, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type PersistentVolumeClaim, parseQuantity } from "@knvirt/kubernetes";
import { writeAtomically } from "../atomic-file.ts";
import { PodError } from "../errors.ts";
import { type Instance, podDirectory } from "../instance.ts";
import { absentIs } from "../observe.ts";
import { attachLoop, detachLoops } from "./loop-device.ts";

const claimsFolder = ({ dataDir }: Pick<Instance, "dataDir">): string => join(dataDir, "volumes");

/** Its name is all that keeps one claim's data from another's: it is removed with everything in it. */
export function storageOf(instance: Pick<Instance, "dataDir">, claimUid: string): string {
  if (/^[0-9a-f-]{36}$/.test(claimUid)) return join(claimsFolder(instance), claimUid);
  throw new PodError("FailedMount", `claim has no storage: its uid is ${JSON.stringify(claimUid)}, expected a UUID`);
}

export interface ClaimStorage {
  source: string;
  isDevice: boolean;
}

/** What is there already stays as it is: the claim's data. */
export async function ensureStorage(
  instance: Pick<Instance, "dataDir">,
  claim: PersistentVolumeClaim,
  fsGroup: number | undefined,
): Promise<ClaimStorage> {
  const storage = storageOf(instance, claim.metadata.uid ?? "");
  await mkdir(storage, { recursive: true, mode: 0o700 });
  if (claim.spec.volumeMode === "Block") {
    const file = await ensureFile(join(storage, "block"), claim);
    return { source: await attachLoop(file), isDevice: true };
  }
  const folder = join(storage, "files");
  await mkdir(folder, { recursive: true });
  if (fsGroup !== undefined) await chown(folder, 0, fsGroup);
  await chmod(folder, fsGroup === undefined ? 0o777 : 0o2775);
  return { source: folder, isDevice: false };
}

const sectorBytes = 512;

/** Sparse: it takes room as it is written. */
async function ensureFile(path: string, { spec, metadata }: PersistentVolumeClaim): Promise<string> {
  const asked = spec.resources?.requests?.storage ?? "0";
  const bytes = Math.ceil(parseQuantity(asked) / sectorBytes) * sectorBytes;
  if (bytes <= 0)
    throw new PodError("FailedMount", `claim ${metadata.name} asks for ${asked}, expected some storage`);
  const file = await open(path, "a", 0o600);
  try {
    if ((await file.stat()).size < bytes) await file.truncate(bytes);
  } finally {
    await file.close();
  }
  return path;
}

/** The claim is gone, and so is its data. */
export async function removeStorage(instance: Pick<Instance, "dataDir">, claimUid: string): Promise<void> {
  const storage = storageOf(instance, claimUid);
  await detachLoops(storage, () => false);
  await rm(storage, { recursive: true, force: true });
}

const usesFile = "claims.json";

/** Written before anything is attached for the pod. */
export const noteClaims = (podDir: string, claimUids: string[]): Promise<void> =>
  writeAtomically(join(podDir, usesFile), JSON.stringify(claimUids));

/** Uids of claims that one of these pods uses. */
export async function claimsInUse(instance: Instance, podUids: readonly string[]): Promise<Set<string>> {
  const lists = podUids.map(async (uid) => {
    const podDir = podDirectory(instance, uid);
    const isReleased = await stat(join(podDir, "released")).catch(absentIs(undefined));
    return isReleased ? [] : JSON.parse(await readFile(join(podDir, usesFile), "utf8").catch(absentIs("[]")));
  });
  return new Set((await Promise.all(lists)).flat() as string[]);
}

/** Takes away the devices that none of these pods uses. A pod that begins to use one meanwhile would lose it. */
export async function detachUnused(instance: Instance, podUids: readonly string[]): Promise<void> {
  const used = await claimsInUse(instance, podUids);
  const kept = new Set([...used].map((uid) => join(storageOf(instance, uid), "block")));
  await detachLoops(claimsFolder(instance), (file) => kept.has(file));
}
