// The verbs on one object, over HTTPS.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { configMap, definitions, inDefault, widget, widgetDefinition, widgets } from "./testing/samples.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post(definitions, widgetDefinition());
});
afterAll(() => server.close());

const maps = inDefault("configmaps");

describe("create", () => {
  test("fills in what the server owns", async () => {
    const { code, body } = await server.post(widgets, widget("fresh", { size: 3 }, { uid: "mine", generation: 9 }));
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({ name: "fresh", namespace: "default", generation: 1 });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(0);
    expect(body.metadata.managedFields).toMatchObject([{ operation: "Update", apiVersion: "example.com/v1" }]);
    expect(body.spec).toEqual({ size: 3, colour: "red" });
  });

  test("makes a name from a prefix", async () => {
    const { body } = await server.post(maps, { ...configMap(""), metadata: { generateName: "made-" } });
    expect(body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
  });

  test("drops a status that has an endpoint of its own", async () => {
    const { body } = await server.post(widgets, { ...widget("no-status"), status: { ready: 3 } });
    expect(body.status).toBeUndefined();
  });

  test("a dry run answers and stores nothing", async () => {
    expect((await server.post(`${maps}?dryRun=All`, configMap("dry"))).code).toBe(201);
    expect((await server.get(`${maps}/dry`)).code).toBe(404);
  });
});

describe("update", () => {
  test("a write that changes nothing keeps the resourceVersion", async () => {
    const { body } = await server.post(maps, configMap("same", { data: { a: "1" } }));
    const again = await server.put(`${maps}/same`, body);
    expect(again.body).toEqual(body);
    const patched = await server.patch(`${maps}/same`, { data: { a: "1" } });
    expect(patched.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  test("only the desired state counts as a generation", async () => {
    const { body } = await server.post(widgets, widget("counted"));
    const labelled = await server.patch(`${widgets}/counted`, { metadata: { labels: { a: "b" } } });
    expect(labelled.body.metadata.generation).toBe(1);
    const status = await server.patch(`${widgets}/counted/status`, { status: { ready: 1 } });
    expect(status.body.metadata.generation).toBe(1);
    const grown = await server.patch(`${widgets}/counted`, { spec: { size: 4 } });
    expect(grown.body.metadata.generation).toBe(2);
    expect(Number(grown.body.metadata.resourceVersion)).toBeGreaterThan(Number(body.metadata.resourceVersion));
  });

  test("status and the rest are written apart", async () => {
    await server.post(widgets, widget("apart"));
    const both = { spec: { size: 7 }, status: { ready: 7 } };
    expect((await server.patch(`${widgets}/apart`, both)).body).toMatchObject({ spec: { size: 7 } });
    expect((await server.get(`${widgets}/apart`)).body.status).toBeUndefined();
    const { body } = await server.patch(`${widgets}/apart/status`, { spec: { size: 9 }, status: { ready: 7 } });
    expect(body).toMatchObject({ spec: { size: 7 }, status: { ready: 7 } });
  });

  test("an outdated object is refused", async () => {
    const { body } = await server.post(widgets, widget("outdated"));
    await server.patch(`${widgets}/outdated`, { spec: { size: 5 } });
    const { code, body: status } = await server.put(`${widgets}/outdated`, body);
    expect(code).toBe(409);
    expect(status).toMatchObject({
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on widgets.example.com "outdated": the object has been modified; ' +
        "please apply your changes to the latest version and try again",
      details: { name: "outdated", group: "example.com", kind: "widgets" },
    });
  });

  test("a custom object needs a resourceVersion, a ConfigMap does not", async () => {
    await server.post(widgets, widget("versioned"));
    expect((await server.put(`${widgets}/versioned`, widget("versioned"))).code).toBe(422);
    await server.post(maps, configMap("unversioned"));
    expect((await server.put(`${maps}/unversioned`, configMap("unversioned", { data: { a: "1" } }))).code).toBe(200);
  });

  test("rules compare with the object as it was", async () => {
    await server.post(widgets, widget("ruled", { size: 5 }));
    const { code, body } = await server.patch(`${widgets}/ruled`, { spec: { size: 2 } });
    expect(code).toBe(422);
    expect(body.message).toContain("size must not shrink");
  });
});

describe("patch", () => {
  test.each([
    { type: "merge-patch+json", body: { data: { a: null, b: "2" } }, want: { b: "2" } },
    { type: "json-patch+json", body: [{ op: "add", path: "/data/b", value: "2" }], want: { a: "1", b: "2" } },
    { type: "strategic-merge-patch+json", body: { data: { b: "2" } }, want: { a: "1", b: "2" } },
  ])("$type", async ({ type, body, want }) => {
    const name = `patched-${type.split("-")[0]}`;
    await server.post(maps, configMap(name, { data: { a: "1" } }));
    expect((await server.patch(`${maps}/${name}`, body, type)).body.data).toEqual(want);
  });

  test("custom kinds take no strategic merge patch", async () => {
    await server.post(widgets, widget("custom"));
    const { code, body } = await server.patch(`${widgets}/custom`, {}, "strategic-merge-patch+json");
    expect([code, body.reason]).toEqual([415, "UnsupportedMediaType"]);
  });

  test("apply creates, changes, and tells of conflicts", async () => {
    const path = `${maps}/applied`;
    expect((await server.apply(path, configMap("applied", { data: { a: "1" } }))).code).toBe(201);
    expect((await server.apply(path, configMap("applied", { data: { a: "2" } }))).body.data).toEqual({ a: "2" });
    const other = {
      body: configMap("applied", { data: { a: "3" } }),
      headers: { "content-type": "application/apply-patch+yaml" },
    };
    const { code, body } = await server.request("PATCH", `${path}?fieldManager=other`, other);
    expect(code).toBe(409);
    expect(body.details.causes).toMatchObject([{ reason: "FieldManagerConflict", field: ".data.a" }]);
    const forced = await server.request("PATCH", `${path}?fieldManager=other&force=true`, other);
    expect(forced.body.data).toEqual({ a: "3" });
  });

  test("apply takes YAML, and the resourceVersion it was decided on", async () => {
    const { body } = await server.post(widgets, widget("decided"));
    const { resourceVersion } = body.metadata;
    const status = (version: string) =>
      `{apiVersion: example.com/v1, kind: Widget, metadata: {name: decided, resourceVersion: "${version}"}, status: {ready: 2}}`;
    expect((await server.apply(`${widgets}/decided/status`, status("1"))).code).toBe(409);
    expect((await server.apply(`${widgets}/decided/status`, status(resourceVersion))).body.status).toEqual({
      ready: 2,
    });
  });
});

describe("scale", () => {
  test("shows and changes the replica count", async () => {
    await server.post(widgets, widget("scaled"));
    const { body } = await server.get(`${widgets}/scaled/scale`);
    expect(body).toMatchObject({ kind: "Scale", spec: { replicas: 3 }, status: { replicas: 0 } });
    const changed = await server.put(`${widgets}/scaled/scale`, { ...body, spec: { replicas: 6 } });
    expect(changed.body.spec.replicas).toBe(6);
    expect((await server.get(`${widgets}/scaled`)).body.spec.size).toBe(6);
    const patched = await server.patch(`${widgets}/scaled/scale`, { spec: { replicas: 8 } });
    expect(patched.body.spec.replicas).toBe(8);
  });
});

describe("delete", () => {
  test("answers with the name and uid of what is gone", async () => {
    const { body } = await server.post(maps, configMap("gone"));
    const { code, body: status } = await server.delete(`${maps}/gone`);
    expect(code).toBe(200);
    expect(status).toMatchObject({ status: "Success", details: { name: "gone", uid: body.metadata.uid } });
    expect((await server.delete(`${maps}/gone`)).code).toBe(404);
  });

  test("preconditions", async () => {
    const { body } = await server.post(maps, configMap("guarded"));
    const { uid, resourceVersion } = body.metadata;
    const wrong = await server.delete(`${maps}/guarded`, { preconditions: { uid: "other" } });
    expect(wrong.code).toBe(409);
    expect(wrong.body.message).toContain(
      `the UID in the precondition (other) does not match the UID in record (${uid})`,
    );
    expect((await server.delete(`${maps}/guarded`, { preconditions: { resourceVersion: "1" } })).code).toBe(409);
    expect((await server.delete(`${maps}/guarded`, { preconditions: { uid, resourceVersion } })).code).toBe(200);
  });

  test("finalizers hold an object until they are gone", async () => {
    await server.post(widgets, widget("held", { size: 1 }, { finalizers: ["example.com/hold"] }));
    const { body } = await server.delete(`${widgets}/held`);
    expect(body.metadata).toMatchObject({ deletionGracePeriodSeconds: 0, deletionTimestamp: expect.any(String) });
    const more = await server.patch(`${widgets}/held`, {
      metadata: { finalizers: ["example.com/hold", "example.com/more"] },
    });
    expect(more.code).toBe(422);
    expect((await server.patch(`${widgets}/held`, { metadata: { finalizers: null } })).code).toBe(200);
    expect((await server.get(`${widgets}/held`)).code).toBe(404);
  });

  test("deletecollection takes what the selector matches", async () => {
    for (const name of ["batch-a", "batch-b", "keep"])
      await server.post(maps, { ...configMap(name), metadata: { name, labels: { batch: String(name !== "keep") } } });
    expect((await server.delete(`${maps}?labelSelector=batch%3Dtrue`)).body.items).toHaveLength(2);
    const { body } = await server.get(`${maps}?labelSelector=batch`);
    expect(body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(["keep"]);
  });
});
