// What nobody should do to an object, and somebody does: labels taken away, finalizers of strangers. It is taken back later.
import type { KubernetesObject, Resource } from "@knvirt/kubernetes";
import { isNotFound } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { Part } from "../plan/plan.ts";
import { NotAsked } from "./ask.ts";
import { keyOfPart, resourceOf } from "./parts.ts";
import type { Scene } from "./stage.ts";

const finalizer = "example.com/hold";
const retryMs = 1_000;

interface Of {
  vm: string;
  of: Part;
}

/** Again and again until it is done, or there is nothing to do it to. */
export function insist(user: SimulatedProcess, send: () => Promise<unknown>): void {
  send().catch((error) => {
    if (!isNotFound(error) && !isGone(error)) user.reach(retryMs, () => insist(user, send));
  });
}

/** After it was done, or may have been: an answer that got lost does not say. */
export async function undoneLater(
  { stage, user }: Scene,
  { forMs, undo }: { forMs: number; undo: () => Promise<unknown> },
  send: () => Promise<unknown>,
): Promise<void> {
  try {
    await send();
  } finally {
    stage.lasting.until(forMs, () => insist(user, undo));
  }
}

interface InTheWay extends Of {
  forMs: number;
  isTheirs(object: KubernetesObject): boolean;
}

/** Somebody else's object, where one of ours is to be. */
export function putInTheWay(
  scene: Scene,
  { of, vm, forMs, isTheirs }: InTheWay,
  send: () => Promise<unknown>,
): Promise<void> {
  const [resource, key] = [resourceOf[of], keyOfPart(vm, of)];
  const remove = async (): Promise<void> => {
    const there = await scene.client.find(resource, key);
    if (there && isTheirs(there)) await scene.client.delete(resource, key, { uid: there.metadata.uid ?? "" });
  };
  return undoneLater(scene, { forMs, undo: remove }, send);
}

const isGone = (error: unknown): boolean => error instanceof NotAsked;

async function find({ client }: Scene, { vm, of }: Of): Promise<KubernetesObject> {
  const found = await client.find(resourceOf[of] as Resource<KubernetesObject>, keyOfPart(vm, of));
  if (!found) throw new NotAsked(`${of} of ${vm} does not exist`);
  return found;
}

const patch = ({ client }: Scene, { vm, of }: Of, metadata: object): Promise<unknown> =>
  client.mergePatch(resourceOf[of], keyOfPart(vm, of), { patch: { metadata } });

export const putLabel = (scene: Scene, { labels, ...of }: Of & { labels: object }): Promise<unknown> =>
  patch(scene, of, { labels });

export async function takeLabel(
  scene: Scene,
  { label, forMs, ...of }: Of & { label: string; forMs: number },
): Promise<void> {
  const { metadata } = await find(scene, of);
  const value = metadata.labels?.[label];
  if (value === undefined) throw new NotAsked(`${of.of} of ${of.vm} has no label ${label}`);
  const putBack = async (): Promise<void> => {
    const found = await find(scene, of);
    if (found.metadata.uid === metadata.uid) await patch(scene, of, { labels: { [label]: value } });
  };
  await undoneLater(scene, { forMs, undo: putBack }, () => patch(scene, of, { labels: { [label]: null } }));
}

export async function hold(scene: Scene, { forMs, ...of }: Of & { forMs: number }): Promise<void> {
  const change = async (to: (finalizers: string[]) => string[]): Promise<void> => {
    const { metadata } = await find(scene, of);
    const { resourceVersion, finalizers = [] } = metadata;
    await patch(scene, of, { resourceVersion, finalizers: to(finalizers) });
  };
  const letGo = (): Promise<void> => change((finalizers) => finalizers.filter((each) => each !== finalizer));
  const take = (): Promise<void> => change((finalizers) => [...new Set([...finalizers, finalizer])]);
  await undoneLater(scene, { forMs, undo: letGo }, take);
}
