// A plan at work: each part at its time after the one before, and long pauses only until everything has come to rest.
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type Condition, type KubernetesObject } from "@knvirt/kubernetes";
import { eventually } from "../../support/eventually.ts";
import { deafen, endRefused } from "./guests.ts";
import { type Part, partsOf } from "./parts.ts";
import type { Scene } from "./scene.ts";

/** A longer pause stands for one in which all is done that was to be done. */
const longestPauseMs = 7_000;
const quietMs = 2_500;

/** The plan is over when its end is reached. */
export async function play(scene: Scene, endReached: () => Promise<void>): Promise<void> {
  const refusing = endRefused(scene);
  const works: Promise<void>[] = [];
  const deeds: Promise<void>[] = [];
  let lastMs = Number.POSITIVE_INFINITY;
  try {
    for (const part of partsOf(scene.plan)) {
      await pause(part.atMs - lastMs, scene, deeds);
      lastMs = part.atMs;
      const work = perform(part, scene);
      work.catch(() => undefined); // thrown at the end, with the others' ends awaited
      works.push(work);
      if (part.isDeed) deeds.push(work);
    }
    await Promise.all(deeds);
    await endReached();
  } finally {
    scene.end();
    await Promise.allSettled([...works, refusing]);
  }
  await Promise.all([...works, refusing]);
}

async function pause(forMs: number, scene: Scene, deeds: Promise<void>[]): Promise<void> {
  if (forMs > longestPauseMs) await rest(scene, deeds);
  else if (forMs > 0) await sleep(forMs); // users and faults come at their times, and wait for nothing
}

async function perform({ words, play: playPart }: Part, scene: Scene): Promise<void> {
  scene.note(words);
  try {
    await playPart(scene);
  } catch (error) {
    if (!isAnswer(error)) throw error;
    scene.note(`${words}: ${error.message}`);
  }
}

const endings = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ESRCH"];

/** A refusal, or the end of who was asked: either may be what the plan is about. */
const isAnswer = (error: unknown): error is Error =>
  error instanceof ApiError || endings.includes((error as { code?: string }).code ?? "");

async function rest(scene: Scene, deeds: Promise<void>[]): Promise<void> {
  await Promise.all(deeds);
  const { quietMs: sinceMs, objects } = scene.written;
  const begunMs = performance.now(); // what was done last has had its time, too
  const isQuiet = (): boolean => Math.min(sinceMs(), performance.now() - begunMs) > quietMs;
  const what = "everything has come to rest";
  await eventually(() => isQuiet() && objects().every(isAtRest), { seconds: 180, what });
  await deafen(scene);
}

/** Looked at, and neither going nor on its way to run. */
function isAtRest({ kind, metadata, ...object }: KubernetesObject): boolean {
  const { phase = "", conditions } =
    (object as { status?: { phase?: string; conditions?: Condition[] } }).status ?? {};
  const isThere = kind === "VirtualMachine" ? conditions : ["Running", "Succeeded", "Failed"].includes(phase);
  return metadata.deletionTimestamp === undefined && Boolean(isThere);
}
