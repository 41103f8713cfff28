// Lists in pages: every page of one list shows the same moment.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { configMap, inDefault } from "./testing/samples.ts";
import { type Json, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
const maps = inDefault("configmaps");
const nameOf = ({ metadata }: Json): string => metadata.name;

beforeAll(async () => {
  server = await startTestServer({ history: 50 });
  for (const name of ["a", "b", "c", "d", "e"])
    await server.post(maps, {
      ...configMap(name),
      metadata: { name, labels: { vowel: String("ae".includes(name)) } },
    });
});
afterAll(() => server.close());

async function pages(query: string, between: () => Promise<unknown> = async () => {}): Promise<string[][]> {
  const found: string[][] = [];
  let token: string | undefined;
  do {
    const { body } = await server.get(`${maps}?${query}${token ? `&continue=${token}` : ""}`);
    found.push(body.items.map(nameOf));
    token = body.metadata.continue;
    if (found.length === 1) await between();
  } while (token);
  return found;
}

test("pages of two", async () => {
  expect(await pages("limit=2")).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  const { body } = await server.get(`${maps}?limit=2`);
  expect(body).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1", metadata: { remainingItemCount: 3 } });
});

test("a selector fills pages with what it selects", async () => {
  expect(await pages("limit=1&labelSelector=vowel%3Dtrue")).toEqual([["a"], ["e"]]);
  expect(await pages("limit=5&labelSelector=vowel%3Dtrue")).toEqual([["a", "e"]]);
});

test("what changes between pages is not seen", async () => {
  const change = async () => {
    await server.post(maps, configMap("bb"));
    await server.delete(`${maps}/d`);
  };
  expect(await pages("limit=2", change)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  expect(await pages("limit=10")).toEqual([["a", "b", "bb", "c", "e"]]);
});

test("a page that comes too late is refused", async () => {
  const { body } = await server.get(`${maps}?limit=2`);
  for (let n = 0; n < 70; n += 1) await server.patch(`${maps}/a`, { data: { n: String(n) } });
  const late = await server.get(`${maps}?limit=2&continue=${body.metadata.continue}`);
  expect(late.body).toMatchObject({ code: 410, reason: "Expired" });
});

test("one object by its name", async () => {
  expect(await pages("fieldSelector=metadata.name%3Db")).toEqual([["b"]]);
  expect(await pages("fieldSelector=metadata.name%3Dabsent")).toEqual([[]]);
  expect((await server.get("/api/v1/configmaps?fieldSelector=metadata.name%3Db")).body.items.map(nameOf)).toEqual([
    "b",
  ]);
});

test("the list's resourceVersion is where a watch goes on", async () => {
  const { body } = await server.get(`${maps}?resourceVersion=0`);
  const watch = server.watch(`${maps}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
  await server.post(maps, configMap("z"));
  expect((await watch.seen(1)).map(({ object }) => nameOf(object))).toEqual(["z"]);
  await watch.close();
});
