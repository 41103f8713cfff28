// Answers the reads of a function for all its keys, page by page: lists come sorted, so they are merged as they stream.
import { type Client, isNotFound, type Key, type KubernetesObject, keyOf, type Page } from "@knvirt/kubernetes";
import { type FunctionDefinition, readsOf } from "./definition.ts";
import { FunctionError } from "./errors.ts";
import { findListed, findOldest, type Observing, unread } from "./observe.ts";
import type { ByName, Read } from "./reads.ts";

/** Negative when `a` is listed before `b`. */
export type Order = (a: Key, b: Key) => number;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** API servers agree on the order of names in a namespace, not on that of namespaces: `a` and `a-b`. */
export const orders: Order[] = [
  (a, b) => compare(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`), // etcd: the whole key
  (a, b) => compare(a.namespace ?? "", b.namespace ?? "") || compare(a.name, b.name),
];

export interface Joined {
  key: Key;
  observed: object;
}

type Answer = (object: KubernetesObject, key: Key) => unknown;

/** Holds one page of each list. Throws UnsortedList when the lists are not in this order. */
export async function* joined(
  observing: Observing,
  definition: FunctionDefinition,
  order: Order,
): AsyncGenerator<Joined[]> {
  const answers = await Promise.all(
    readsOf(definition).map(async ([name, read]) => [name, await answerOf(observing, read, order)] as const),
  );
  for await (const page of observing.client.pages(definition.primary)) {
    const rows: Joined[] = [];
    for (const object of page.items) {
      const key = keyOf(object);
      const observed: Record<string, unknown> = {};
      for (const [name, answer] of answers) observed[name] = await answer(object, key);
      rows.push({ key, observed });
    }
    yield rows;
  }
}

async function answerOf({ client, now }: Observing, read: Read, order: Order): Promise<Answer> {
  if (read.by === "self") return sorted(order);
  if (read.by === "name") return merged(client, read, order);
  if (read.by === "listed") return (object) => findListed(client, read, object);
  if (read.by !== "singleton") return () => unread(read, now);
  const only = await findOldest(client, read.of);
  return () => only;
}

/** The object itself, as long as each comes behind the one before. */
function sorted(order: Order): Answer {
  const check = ascending(order);
  return (object, key) => {
    check(key);
    return object;
  };
}

/** The related object of each key, from a list that is read along with the keys. */
function merged(client: Client, { of, labelSelector, nameOf }: ByName, order: Order): Answer {
  const related = itemsOf(client.pages(of, labelSelector === undefined ? {} : { labelSelector }));
  const checkList = ascending(order);
  const checkKeys = ascending(order);
  let head: KubernetesObject | undefined;
  let atEnd = false;
  const advance = async (): Promise<void> => {
    const next = await related.next();
    atEnd = next.done ?? false;
    head = next.done ? undefined : next.value;
    if (head) checkList(keyOf(head));
  };
  return async (_object, key) => {
    const wanted = { ...key, name: nameOf(key.name) };
    checkKeys(wanted);
    while (!atEnd && (!head || order(keyOf(head), wanted) < 0)) await advance();
    return head && order(keyOf(head), wanted) === 0 ? head : undefined;
  };
}

/** None of a kind that is gone: when everything is removed, one kind goes before another. */
async function* itemsOf(pages: AsyncIterable<Page<KubernetesObject>>): AsyncGenerator<KubernetesObject, undefined> {
  try {
    for await (const { items } of pages) yield* items;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function ascending(order: Order): (key: Key) => void {
  let last: Key | undefined;
  return (key) => {
    if (last && order(last, key) >= 0)
      throw new FunctionError("UnsortedList", `list is not sorted: ${last.name} comes before ${key.name}`);
    last = key;
  };
}
