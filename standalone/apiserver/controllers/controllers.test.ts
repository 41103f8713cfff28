// Background work: garbage collection, emptying of namespaces, cleaning up after definitions; also after a crash.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { configMap, definitions, inDefault, widget, widgetDefinition, widgets } from "../testing/samples.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { until } from "../testing/until.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post(definitions, widgetDefinition());
});
afterAll(() => server.close());

const maps = inDefault("configmaps");

const isGone = async (path: string): Promise<boolean> => (await server.get(path)).code === 404;

async function makeOwner(name: string): Promise<{ apiVersion: string; kind: string; name: string; uid: string }> {
  const { body } = await server.post(widgets, widget(name));
  return { apiVersion: "example.com/v1", kind: "Widget", name, uid: body.metadata.uid };
}

const dependent = (name: string, ownerReferences: object[], more: object = {}) => ({
  ...configMap(name),
  metadata: { name, ownerReferences, ...more },
});

describe("owner references", () => {
  test("background: dependents go after their owner, down to the last", async () => {
    const owner = await makeOwner("background");
    const { body } = await server.post(maps, dependent("middle", [owner]));
    const middle = { apiVersion: "v1", kind: "ConfigMap", name: "middle", uid: body.metadata.uid };
    await server.post(maps, dependent("last", [middle]));
    await server.delete(`${widgets}/background`);
    await until(() => isGone(`${maps}/last`), "the last dependent goes");
    expect(await isGone(`${maps}/middle`)).toBe(true);
  });

  test("foreground: the owner stays until those that block it have gone", async () => {
    const owner = await makeOwner("foreground");
    const held = { finalizers: ["example.com/hold"] };
    await server.post(maps, dependent("blocking", [{ ...owner, blockOwnerDeletion: true }], held));
    await server.post(maps, dependent("free", [owner]));
    const { body } = await server.delete(`${widgets}/foreground`, { propagationPolicy: "Foreground" });
    expect(body.metadata.finalizers).toEqual(["foregroundDeletion"]);
    await until(() => isGone(`${maps}/free`), "the dependent that blocks nothing goes");
    await until(
      async () => (await server.get(`${maps}/blocking`)).body.metadata.deletionTimestamp,
      "the other is deleted",
    );
    expect(await isGone(`${widgets}/foreground`)).toBe(false);
    await server.patch(`${maps}/blocking`, { metadata: { finalizers: null } });
    await until(() => isGone(`${widgets}/foreground`), "the owner goes");
  });

  test("orphan: dependents stay and forget their owner", async () => {
    const owner = await makeOwner("leaving");
    await server.post(maps, dependent("orphan", [owner]));
    await server.delete(`${widgets}/leaving`, { propagationPolicy: "Orphan" });
    await until(() => isGone(`${widgets}/leaving`), "the owner goes");
    expect((await server.get(`${maps}/orphan`)).body.metadata.ownerReferences).toBeUndefined();
  });

  test("another owner keeps a dependent", async () => {
    const [one, other] = [await makeOwner("one"), await makeOwner("another")];
    await server.post(maps, dependent("shared", [one, other]));
    await server.delete(`${widgets}/one`);
    await until(
      async () => (await server.get(`${maps}/shared`)).body.metadata.ownerReferences.length === 1,
      "the reference to the deleted owner goes",
    );
    await server.delete(`${widgets}/another`);
    await until(() => isGone(`${maps}/shared`), "the dependent goes with its last owner");
  });

  test("an owner that had gone before, or lives in another namespace, is none", async () => {
    const uid = "5f8c1a52-0000-4000-8000-000000000000";
    await server.post(maps, dependent("late", [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid }]));
    await until(() => isGone(`${maps}/late`), "the dependent of nobody goes");
  });

  test("what a crash left undone is done at the start", async () => {
    const owner = await makeOwner("crashed");
    await server.post(maps, dependent("left", [owner], { finalizers: ["example.com/hold"] }));
    await server.delete(`${widgets}/crashed`);
    await server.restart();
    await until(async () => (await server.get(`${maps}/left`)).body.metadata.deletionTimestamp, "it is deleted");
    await server.patch(`${maps}/left`, { metadata: { finalizers: null } });
    expect(await isGone(`${maps}/left`)).toBe(true);
  });
});

describe("namespaces", () => {
  test("take their content with them, and take nothing new meanwhile", async () => {
    await server.post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "doomed" } });
    const inside = "/api/v1/namespaces/doomed/configmaps";
    await server.post(inside, configMap("plain"));
    await server.post(inside, { ...configMap("held"), metadata: { name: "held", finalizers: ["example.com/hold"] } });
    const { body } = await server.delete("/api/v1/namespaces/doomed");
    expect(body).toMatchObject({ status: { phase: "Terminating" }, spec: { finalizers: ["kubernetes"] } });
    await until(() => isGone(`${inside}/plain`), "the content goes");
    const refused = await server.post(inside, configMap("new"));
    expect(refused.body).toMatchObject({
      reason: "Forbidden",
      message:
        'configmaps "new" is forbidden: unable to create new content in namespace doomed because it is being terminated',
    });
    expect(await isGone("/api/v1/namespaces/doomed")).toBe(false);
    await server.patch(`${inside}/held`, { metadata: { finalizers: null } });
    await until(() => isGone("/api/v1/namespaces/doomed"), "the namespace goes");
  });
});

describe("definitions", () => {
  test("bring and take their endpoints and objects", async () => {
    const definition = widgetDefinition("short.example.com");
    const path = "/apis/short.example.com/v1/namespaces/default/widgets";
    expect((await server.get(path)).code).toBe(404);
    const { body } = await server.post(definitions, definition);
    expect(body.status.conditions.map(({ type, status }: Record<string, string>) => `${type}=${status}`)).toEqual([
      "NamesAccepted=True",
      "Established=True",
    ]);
    expect(body.status).toMatchObject({ storedVersions: ["v1"], acceptedNames: { listKind: "WidgetList" } });
    await server.post(path, { ...widget("w"), apiVersion: "short.example.com/v1" });
    expect((await server.get(path)).body).toMatchObject({ kind: "WidgetList", items: [{ metadata: { name: "w" } }] });
    await server.delete(`${definitions}/${definition.metadata.name}`);
    await until(() => isGone(`${definitions}/${definition.metadata.name}`), "the definition goes");
    expect((await server.get(path)).code).toBe(404);
    await server.post(definitions, definition);
    expect((await server.get(path)).body.items).toEqual([]);
  });

  test("change what is served at once, and are still there after a restart", async () => {
    const definition = widgetDefinition("changing.example.com");
    await server.post(definitions, definition);
    const [first] = definition.spec.versions;
    await server.patch(`${definitions}/${definition.metadata.name}`, { spec: { versions: [first] } });
    expect((await server.get("/apis/changing.example.com/v1beta1/widgets")).code).toBe(404);
    await server.restart();
    expect((await server.get("/apis/changing.example.com/v1/widgets")).code).toBe(200);
    expect((await server.get("/apis/changing.example.com/v1beta1/widgets")).code).toBe(404);
  });

  const base = widgetDefinition("wrong.example.com");
  const unstored = base.spec.versions.map((version) => ({ ...version, storage: false }));
  const loose = base.spec.versions.map((version) => ({
    ...version,
    schema: { openAPIV3Schema: { properties: {} } },
  }));

  test.each([
    {
      when: "the name is not plural.group",
      wrong: { ...base, metadata: { name: "x.example.com" } },
      field: "metadata.name",
    },
    {
      when: "no version is stored",
      wrong: { ...base, spec: { ...base.spec, versions: unstored } },
      field: "spec.versions",
    },
    {
      when: "the schema is not structural",
      wrong: { ...base, spec: { ...base.spec, versions: loose } },
      field: "spec.versions[0].schema.openAPIV3Schema.type",
    },
    { when: "the group is built in", wrong: widgetDefinition("events.k8s.io"), field: "spec.group" },
  ])("are refused when $when", async ({ wrong, field }) => {
    const { code, body } = await server.post(definitions, wrong);
    expect(code).toBe(422);
    expect(body.details.causes[0]).toMatchObject({ field });
  });

  test("keep their finalizer when a client leaves it out", async () => {
    const path = `${definitions}/widgets.example.com`;
    await server.patch(path, { metadata: { finalizers: null } });
    expect((await server.get(path)).body.metadata.finalizers).toEqual(["customresourcecleanup.apiextensions.k8s.io"]);
  });
});
