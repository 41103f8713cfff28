import type { Client, KubernetesObject, Page, Resource } from "@knvirt/kubernetes";
import { fc } from "../../test/support/property.ts";
import { aVm, aVmi } from "../testing/builders.ts";
import { vm } from "../vm/index.ts";
import { joined, type Order, orders } from "./join.ts";
import { type Sweeping, sweep } from "./sweep.ts";

const [byWholeKey, byNamespace] = orders as [Order, Order];
const now = () => new Date("2026-01-02T12:00:00Z");

/** An API server that lists in its own order, a few objects a page, and counts the pages that were read. */
function listing(objects: KubernetesObject[], order: Order) {
  let pages = 0;
  const keyed = ({ metadata: { namespace = "", name } }: KubernetesObject) => ({ namespace, name });
  const sorted = objects.toSorted((a, b) => order(keyed(a), keyed(b)));
  const client = {
    pages: async function* ({ kind }: Resource): AsyncGenerator<Page<KubernetesObject>> {
      const items = sorted.filter((object) => object.kind === kind);
      for (let from = 0; from === 0 || from < items.length; from += 3) {
        pages += 1;
        yield { items: items.slice(from, from + 3), resourceVersion: "1" };
      }
    },
  } as unknown as Client;
  return { client, pages: () => pages };
}

const keys = fc.uniqueArray(
  fc.record({
    namespace: fc.constantFrom("a", "a-b", "a-b-c", "b"),
    name: fc.stringMatching(/^[a-z][a-z0-9.-]{0,3}$/),
    isRunning: fc.boolean(),
  }),
  { selector: ({ namespace, name }) => `${namespace}/${name}` },
);

const objectsOf = (rows: { namespace: string; name: string; isRunning: boolean }[]): KubernetesObject[] =>
  rows.flatMap(({ isRunning, ...key }) => [
    aVm({ runStrategy: "Manual", metadata: { ...key, uid: `vm ${key.namespace}/${key.name}` } }),
    ...(isRunning ? [aVmi({ metadata: { ...key, uid: `vmi ${key.namespace}/${key.name}` } })] : []),
  ]);

test("each key meets what belongs to it, whatever is there", async () => {
  await fc.assert(
    fc.asyncProperty(keys, async (rows) => {
      const { client } = listing(objectsOf(rows), byWholeKey);
      const found: Record<string, unknown> = {};
      for await (const page of joined({ client, now }, vm, byWholeKey))
        for (const { key, observed } of page)
          found[`${key.namespace}/${key.name}`] = (observed as { vmi?: KubernetesObject }).vmi?.metadata.uid;
      const want = rows.map(({ namespace, name, isRunning }) => [
        `${namespace}/${name}`,
        isRunning ? `vmi ${namespace}/${name}` : undefined,
      ]);
      expect(found).toEqual(Object.fromEntries(want));
    }),
  );
});

test.each([
  { when: "etcd", order: byWholeKey },
  { when: "a table with a column for the namespace", order: byNamespace },
])("the sweep finds the order of $when by itself", async ({ order }) => {
  await fc.assert(
    fc.asyncProperty(keys, async (rows) => {
      const visited = new Set<string>();
      const visits = {
        visit: async (_definition, { namespace, name }) => {
          visited.add(`${namespace}/${name}`);
          return { writes: 0 };
        },
        visitLater: () => undefined,
      } satisfies Sweeping["visits"];
      const { client } = listing(objectsOf(rows), order);
      const swept = await sweep({ client, now, visits, onError: fail }, vm);
      expect(swept).toEqual({ objects: rows.length, repairs: 0, failures: 0, lookAgainSeconds: Infinity });
      expect(visited.size).toBe(rows.length);
    }),
  );
});

const fail = (error: unknown): never => {
  throw error;
};

test("lists in no order at all are refused", async () => {
  const rows = ["b", "a", "c"].map((name) => ({ namespace: "a", name, isRunning: false }));
  const { client } = listing(objectsOf(rows), () => 0);
  const visits = { visit: async () => ({ writes: 0 }), visitLater: () => undefined };
  const swept = sweep({ client, now, visits, onError: fail }, vm);
  await expect(swept).rejects.toThrow("lists of the API server have no known order: vm cannot sweep");
});

test("one object that cannot be reconciled does not stop the others", async () => {
  const { client } = listing(
    objectsOf([
      { namespace: "a", name: "a", isRunning: false },
      { namespace: "a", name: "b", isRunning: false },
    ]),
    byWholeKey,
  );
  const visits: Sweeping["visits"] = {
    visit: async (_definition, { name }) =>
      name === "a" ? fail(new Error("told by the visits")) : { writes: 2, lookAgainSeconds: 60 },
    visitLater: () => undefined,
  };
  expect(await sweep({ client, now, visits, onError: fail }, vm)).toMatchObject({
    objects: 2,
    repairs: 2,
    lookAgainSeconds: 60,
    failures: 1,
  });
});

test("a page of each list is all that is held", async () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ namespace: "a", name: `vm-${index}`, isRunning: true }));
  const { client, pages } = listing(objectsOf(rows), byWholeKey);
  const join = joined({ client, now }, vm, byWholeKey);
  await join.next();
  expect(pages()).toBeLessThanOrEqual(3);
  await join.return(undefined);
});
