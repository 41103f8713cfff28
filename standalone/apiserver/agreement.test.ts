// Answers in which this server once differed from Kubernetes' own: found by npm run compare, kept here where they are quick
// to try.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { configMap, definitions, inDefault, pod, widget, widgetDefinition, widgets } from "./testing/samples.ts";
import { type Json, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post(definitions, widgetDefinition());
});
afterAll(() => server.close());

const maps = inDefault("configmaps");
const secrets = inDefault("secrets");

let stored: Json;
beforeEach(async () => {
  await server.delete(`${maps}/a`);
  stored = (await server.post(maps, configMap("a", { data: { a: "1" } }))).body;
});

test("a dry run gives no resourceVersion", async () => {
  const made = await server.post(`${maps}?dryRun=All`, configMap("b"));
  expect([made.code, made.body.metadata.resourceVersion]).toEqual([201, undefined]);
  const changed = await server.patch(`${maps}/a?dryRun=All`, { data: { a: "2" } });
  expect(changed.body.metadata.resourceVersion).toBe(stored.metadata.resourceVersion);
});

test("items of a list of a built-in kind have no kind, of a custom one they have", async () => {
  await server.post(widgets, widget("w", { size: 1 }));
  const kinds = async (path: string) => (await server.get(path)).body.items.map(({ kind }: Json) => kind);
  expect(new Set(await kinds(maps))).toEqual(new Set([undefined]));
  expect(await kinds(widgets)).toEqual(["Widget"]);
});

test("what is deleted at once is gone as it was", async () => {
  const watch = server.watch(`${maps}?watch=true&resourceVersion=${stored.metadata.resourceVersion}`);
  await server.delete(`${maps}/a`);
  const [event] = await watch.seen(1);
  await watch.close();
  expect([event?.type, event?.object.metadata.deletionTimestamp]).toEqual(["DELETED", undefined]);
});

test("a pod that is deleted at once is answered, and seen, as it ends", async () => {
  await server.post(inDefault("pods"), pod("p"));
  const { body } = await server.delete(`${inDefault("pods")}/p`);
  expect([body.kind, body.metadata.deletionGracePeriodSeconds]).toEqual(["Pod", 0]);
});

test("a watch without a version and without what is there begins now", async () => {
  const query = "watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan";
  const watch = server.watch(`${maps}?${query}`);
  await server.get(maps);
  await server.patch(`${maps}/a`, { data: { a: "2" } });
  expect((await watch.seen(1)).map(({ type }) => type)).toEqual(["MODIFIED"]);
  await watch.close();
});

test("the first page of a version is of that version", async () => {
  await server.patch(`${maps}/a`, { data: { a: "2" } });
  const { body } = await server.get(`${maps}?limit=1&resourceVersion=${stored.metadata.resourceVersion}`);
  expect(body.items[0].data).toEqual({ a: "1" });
});

test("a collection is deleted as far as its limit", async () => {
  await server.post(maps, configMap("b"));
  const { body } = await server.request("DELETE", `${maps}?limit=1`);
  expect([body.items.length, typeof body.metadata.continue]).toEqual([1, "string"]);
  expect((await server.get(`${maps}/b`)).code).toBe(200);
});

test.each([
  { when: "a deletionTimestamp", metadata: { deletionTimestamp: "2020-01-01T00:00:00Z" } },
  { when: "a grace period", metadata: { deletionGracePeriodSeconds: 5 } },
  { when: "another uid", metadata: { uid: "other" } },
])("a patch does not set $when", async ({ metadata }) => {
  const { code, body } = await server.patch(`${maps}/a`, { metadata });
  expect([code, body.details.causes[0].field]).toEqual([422, `metadata.${Object.keys(metadata)[0]}`]);
});

test.each([
  { when: "an empty map of labels", metadata: { labels: {} } },
  { when: "no finalizers", metadata: { finalizers: [] } },
  { when: "a label less than there is", metadata: { labels: { a: null } } },
])("$when is no change", async ({ metadata }) => {
  const { body } = await server.patch(`${maps}/a`, { metadata });
  expect(body.metadata).toEqual(stored.metadata);
});

test("what the server prepares belongs to nobody", async () => {
  const { body } = await server.post("/api/v1/namespaces", { metadata: { name: "own" } });
  expect(body.metadata.managedFields[0].fieldsV1).toEqual({
    "f:metadata": { "f:labels": { ".": {}, "f:kubernetes.io/metadata.name": {} } },
  });
});

test("a namespace keeps its own name as a label, and has no grace period", async () => {
  const path = "/api/v1/namespaces/label";
  await server.post("/api/v1/namespaces", { metadata: { name: "label", finalizers: ["a/b"] } });
  const { body } = await server.patch(path, { metadata: { labels: null } });
  expect(body.metadata.labels).toEqual({ "kubernetes.io/metadata.name": "label" });
  const ended = await server.delete(`${path}?dryRun=All`);
  expect(ended.body.metadata.deletionGracePeriodSeconds).toBeUndefined();
});

test("what is sent with a custom kind names it", async () =>
  expect((await server.post(widgets, { metadata: { name: "x" }, spec: { size: 1 } })).code).toBe(400));

test.each([
  { when: "bytes and text of one key", path: maps, body: { binaryData: { b: "AA==" }, data: { b: "1" } } },
  {
    when: "a certificate without a key",
    path: secrets,
    body: { type: "kubernetes.io/tls", data: { "tls.crt": "" } },
  },
  {
    when: "an event of another namespace",
    path: inDefault("events"),
    body: { involvedObject: { namespace: "elsewhere" } },
  },
])("refused: $when", async ({ path, body }) =>
  expect((await server.post(path, { metadata: { name: "refused" }, ...body })).code).toBe(422),
);

test("how storage is made stays as it is", async () => {
  const classes = "/apis/storage.k8s.io/v1/storageclasses";
  await server.post(classes, { metadata: { name: "fixed" }, provisioner: "a" });
  expect((await server.patch(`${classes}/fixed`, { provisioner: "b" })).code).toBe(422);
  expect((await server.delete(`${classes}/fixed`)).body.kind).toBe("StorageClass");
});
