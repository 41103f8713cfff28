// What the query and the body of a request may ask for together.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { configMap, inDefault } from "../testing/samples.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const maps = inDefault("configmaps");

test.each([
  { query: "resourceVersionMatch=Exact", fields: ["resourceVersionMatch"] },
  { query: "resourceVersionMatch=Exact&resourceVersion=0", fields: ["resourceVersionMatch"] },
  { query: "resourceVersionMatch=Newest&resourceVersion=1", fields: ["resourceVersionMatch"] },
  { query: "resourceVersionMatch=Exact&resourceVersion=1&continue=x", fields: ["resourceVersionMatch"] },
  { query: "sendInitialEvents=true", fields: ["sendInitialEvents"] },
  { query: "watch=1&sendInitialEvents=true", fields: ["resourceVersionMatch"] },
  { query: "watch=1&resourceVersionMatch=NotOlderThan", fields: ["resourceVersionMatch"] },
  { query: "watch=1&resourceVersionMatch=Exact", fields: ["resourceVersionMatch", "resourceVersionMatch"] },
])("a list is refused: $query", async ({ query, fields }) => {
  const { code, body } = await server.get(`${maps}?${query}`);
  expect([code, body.details.kind, body.details.causes.map(({ field }: { field: string }) => field)]).toEqual([
    ...[422, "ListOptions", fields],
  ]);
});

test.each([
  { when: "two ways to say what follows", body: { propagationPolicy: "Orphan", orphanDependents: true }, want: 422 },
  { when: "a policy that there is not", body: { propagationPolicy: "Sideways" }, want: 422 },
  { when: "a dry run in other words", body: { dryRun: ["yes"] }, want: 422 },
  { when: "words for a number", body: { gracePeriodSeconds: "5" }, want: 400 },
  { when: "less than no grace", body: { gracePeriodSeconds: -1 }, want: 200 },
  { when: "fields that there are not", body: { other: 1 }, want: 200 },
])("a deletion with $when", async ({ body, want }) => {
  await server.post(maps, configMap("a"));
  expect((await server.delete(`${maps}/a`, body)).code).toBe(want);
});

test("a deletion is asked for in the body, or in the query where there is none", async () => {
  await server.post(maps, configMap("a"));
  expect((await server.delete(`${maps}/a?dryRun=All`)).code).toBe(200);
  expect((await server.delete(`${maps}/a?dryRun=All`, {})).code).toBe(200);
  expect((await server.get(`${maps}/a`)).code).toBe(404);
});

test("dependents are orphaned as of old", async () => {
  await server.post(maps, configMap("a"));
  const { body } = await server.delete(`${maps}/a?dryRun=All`, undefined);
  expect(body.status).toBe("Success");
  const orphaned = await server.delete(`${maps}/a?dryRun=All&orphanDependents=true`);
  expect(orphaned.body.metadata.finalizers).toEqual(["orphan"]);
});

test("all that is wrong with the options of a write is told", async () => {
  const { code, body } = await server.post(`${maps}?dryRun=yes&fieldValidation=no`, configMap("b"));
  expect([code, body.details.causes.length]).toEqual([422, 2]);
  expect((await server.patch(`${maps}/b?force=true`, {})).code).toBe(422);
});
