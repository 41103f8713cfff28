// Answers the reads of a function for one key, by GET.
import { type Client, isNotFound, type Key, type KubernetesObject, keyOf, type Resource } from "@knvirt/kubernetes";
import { type FunctionDefinition, readsOf } from "./definition.ts";
import type { Refusal } from "./intents.ts";
import { type Listed, oldest, type Read } from "./reads.ts";

export interface Observing {
  client: Client;
  now(): Date;
}

/** Undefined when the key has no object. The object is read first: what it says of others was true before they are
 * read, so a pod that its status speaks of and that is not found then is gone, not about to be made. */
export async function observe(
  { client, now }: Observing,
  definition: FunctionDefinition,
  { key, refusal }: { key: Key; refusal?: Refusal | undefined },
): Promise<object | undefined> {
  const object = await client.find(definition.primary, key);
  if (!object) return undefined;
  const answer = async (read: Read): Promise<unknown> => {
    if (read.by === "self") return object;
    if (read.by === "name") return client.find(read.of, { ...key, name: read.nameOf(key.name) });
    if (read.by === "listed") return findListed(client, read, object);
    if (read.by === "singleton") return findOldest(client, read.of);
    return read.by === "refusal" ? refusal : unread(read, now);
  };
  const values = await Promise.all(
    readsOf(definition).map(async ([name, read]) => [name, await answer(read)] as const),
  );
  return Object.fromEntries(values);
}

export async function findListed(client: Client, { of, namesOf }: Listed, object: KubernetesObject) {
  const { namespace } = keyOf(object);
  const found = namesOf(object).map((name) =>
    client.find(of, { ...(namespace !== undefined && { namespace }), name }),
  );
  return (await Promise.all(found)).filter((one) => one !== undefined);
}

/** None where the kind itself is gone: when everything is removed, settings go first, and VMs still have to end. */
export async function findOldest(client: Client, of: Resource): Promise<KubernetesObject | undefined> {
  try {
    return oldest((await client.list(of)).items);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The value of a read that no object stands behind. */
export function unread(read: Read, now: () => Date): unknown {
  if (read.by === "clock") return now();
  return read.by === "constant" ? read.is : undefined;
}
