// One at a time: two `up` of a cluster at once, or two builds of the same images, would undo each other's work.
import { mkdir } from "node:fs/promises";
import { lockFile } from "../../standalone/file-lock.ts";
import { markerOf, type Places } from "./places.ts";

/** Until this process ends. Makes the cluster's folder. */
export async function lockCluster(places: Places): Promise<void> {
  await mkdir(places.state, { recursive: true });
  if (!(await lockFile(markerOf(places), 0)))
    throw new Error(`cluster in ${places.state} is busy: another up or down of it is under way`);
}

const longestBuildSeconds = 1800;

/** Waits for its turn, as long as the longest build may take. */
export async function inTurn<T>(file: string, body: () => Promise<T>): Promise<T> {
  const lock = await lockFile(file, longestBuildSeconds);
  if (!lock) throw new Error(`${file} is locked: others were not done within ${longestBuildSeconds} s`);
  try {
    return await body();
  } finally {
    lock.release();
  }
}
