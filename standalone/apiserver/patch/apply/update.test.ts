import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../json.ts";
import { aDeployment, at, deploymentSchema as schema } from "../test-schema.ts";
import type { ManagedFieldsEntry } from "./managers.ts";
import { type UpdateRequest, updateManagedFields } from "./update.ts";

const update = (
  before: JsonObject | undefined,
  after: JsonObject,
  { by = "u", ...request }: Partial<UpdateRequest> & { by?: string } = {},
): ManagedFieldsEntry[] =>
  updateManagedFields({
    schema,
    before,
    after,
    manager: by,
    operation: "Update",
    apiVersion: "apps/v1",
    now: at("00:00:00"),
    ...request,
  });

const managed = (object: JsonObject, managedFields: object[]): JsonObject =>
  ({ ...object, metadata: { ...(object.metadata as JsonObject), managedFields } }) as unknown as JsonObject;

const entry = (manager: string, fieldsV1: object, more: object = {}): ManagedFieldsEntry =>
  ({
    manager,
    operation: "Update",
    apiVersion: "apps/v1",
    time: "2026-01-01T00:00:00Z",
    fieldsType: "FieldsV1",
    fieldsV1,
    ...more,
  }) as ManagedFieldsEntry;

const replicas = { "f:spec": { "f:replicas": {} } };
const paused = { "f:spec": { "f:paused": {} } };
const one = aDeployment({ spec: { replicas: 1 } });

test("a create is owned by its creator, containers included", () => {
  const created = aDeployment({
    metadata: { uid: "1", resourceVersion: "1", generation: 1, creationTimestamp: "x", labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: "web:1" }] },
  });
  expect(update(undefined, created)).toEqual([
    entry("u", {
      "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
      "f:spec": {
        ".": {},
        "f:containers": { ".": {}, 'k:{"name":"web"}': { ".": {}, "f:image": {}, "f:name": {} } },
      },
    }),
  ]);
});

describe("an update", () => {
  const before = managed(one, [entry("a", replicas)]);

  test.each<{ when: string; spec: object; want: ManagedFieldsEntry[] }>([
    {
      when: "takes what it changes",
      spec: { replicas: 2 },
      want: [entry("u", replicas, { time: "2026-01-01T01:00:00Z" })],
    },
    {
      when: "adds what it adds",
      spec: { replicas: 1, paused: true },
      want: [entry("a", replicas), entry("u", paused, { time: "2026-01-01T01:00:00Z" })],
    },
    { when: "takes away from all what it removes", spec: {}, want: [] },
    { when: "leaves all as it is when it changes nothing", spec: { replicas: 1 }, want: [entry("a", replicas)] },
  ])("$when", ({ spec, want }) => {
    expect(update(before, aDeployment({ spec }), { now: at("01:00:00") })).toEqual(want);
  });

  test("that only touches what the server writes owns nothing", () => {
    const after = aDeployment({ metadata: { resourceVersion: "2", generation: 2 }, spec: { replicas: 1 } });
    expect(update(before, after)).toEqual([entry("a", replicas)]);
  });

  test("adds to what its manager has, with a new time", () => {
    const after = aDeployment({ spec: { replicas: 1, paused: true } });
    expect(update(before, after, { by: "a", now: at("01:00:00") })).toEqual([
      entry("a", { "f:spec": { "f:paused": {}, "f:replicas": {} } }, { time: "2026-01-01T01:00:00Z" }),
    ]);
  });

  test("takes from an applier too", () => {
    const applied = managed(one, [entry("a", replicas, { operation: "Apply" })]);
    expect(update(applied, aDeployment({ spec: { replicas: 2 } }))).toEqual([entry("u", replicas)]);
  });

  test("in another version is another manager", () => {
    const after = aDeployment({ spec: { replicas: 1, paused: true } });
    expect(update(before, after, { by: "a", apiVersion: "apps/v2" })).toEqual([
      entry("a", replicas),
      entry("a", paused, { apiVersion: "apps/v2" }),
    ]);
  });

  test("of an object nobody tracks is not tracked either", () => {
    expect(update(one, aDeployment({ spec: { replicas: 2 } }))).toEqual([]);
  });

  test("by a client without a name is by unknown", () => {
    expect(update(undefined, one, { by: "" }).map(({ manager }) => manager)).toEqual(["unknown"]);
  });

  test("of a list whose items have no keys leaves ownership as it was", () => {
    const after = aDeployment({ spec: { replicas: 2, containers: [{ image: "x" }] } });
    expect(update(before, after)).toEqual([entry("a", replicas)]);
  });
});

describe("managed fields that a client sends", () => {
  const before = managed(one, [entry("a", replicas)]);
  const sent = [entry("b", replicas)];

  test.each<{ when: string; managedFields: object[]; want: ManagedFieldsEntry[] }>([
    { when: "replace the list", managedFields: sent, want: sent },
    { when: "reset it when empty", managedFields: [], want: [] },
    { when: "reset it with one empty entry", managedFields: [{}], want: [] },
    { when: "are ignored when they are none", managedFields: [{ manager: "b" }], want: [entry("a", replicas)] },
    {
      when: "are ignored when one cannot be read",
      managedFields: [entry("b", { spec: {} })],
      want: [entry("a", replicas)],
    },
  ])("$when", ({ managedFields, want }) => {
    expect(update(before, managed(one, managedFields))).toEqual(want);
  });

  test("count for nothing through a subresource", () => {
    const after = managed({ ...one, status: { ready: 1 } }, []);
    expect(update(before, after, { subresource: "status" })).toEqual([
      entry("a", replicas),
      entry("u", { "f:status": { ".": {}, "f:ready": {} } }, { subresource: "status" }),
    ]);
  });

  test("count on create", () => {
    expect(update(undefined, managed(one, sent))).toEqual([entry("u", { "f:spec": { ".": {}, "f:replicas": {} } })]);
  });
});

test("a status endpoint owns nothing but the status, the main one everything else", () => {
  const before = managed(one, [entry("a", replicas)]);
  const after = aDeployment({ metadata: { labels: { a: "b" } }, spec: { replicas: 2 }, status: { ready: 1 } });
  const status = { "f:status": { ".": {}, "f:ready": {} } };
  expect(update(before, after, { subresource: "status" })).toEqual([
    entry("a", replicas),
    entry("u", status, { subresource: "status" }),
  ]);
  expect(update(before, after, { resetFields: ["status"] })).toEqual([
    entry("u", { "f:metadata": { "f:labels": { ".": {}, "f:a": {} } }, ...replicas }),
  ]);
});

test("entries are sorted by operation, time, manager, version and subresource", () => {
  const entries = [
    entry("c", paused, { operation: "Apply", time: "2026-01-01T02:00:00Z" }),
    entry("d", paused, { operation: "Apply", time: "2026-01-01T03:00:00Z" }),
    entry("z", paused, { time: undefined }),
    entry("b", paused, { time: "2026-01-01T01:00:00Z" }),
    entry("a", paused, { time: "2026-01-01T02:00:00Z", apiVersion: "apps/v0" }),
    entry("a", paused, { time: "2026-01-01T02:00:00Z" }),
    entry("a", paused, { time: "2026-01-01T02:00:00Z", subresource: "scale" }),
  ];
  const shuffled = [6, 2, 0, 5, 3, 1, 4].map((index) => entries[index] as object);
  const before = managed(aDeployment({ spec: { paused: true } }), shuffled);
  expect(update(before, aDeployment({ spec: { paused: true } }))).toEqual(entries);
});

describe("beyond ten updating managers", () => {
  const keys = Array.from({ length: 12 }, (_, index) => `k${String(index).padStart(2, "0")}`);
  /** Twelve managers, each a key of the map, a minute apart. */
  const stored = (apiVersionOf = (_: number): string => "apps/v1"): ManagedFieldsEntry[] => {
    let object = aDeployment({ spec: { limits: {} } });
    let entries: ManagedFieldsEntry[] = [entry("kubectl", { "f:spec": { "f:zones": {} } }, { operation: "Apply" })];
    for (const [index, key] of keys.entries()) {
      const limits = Object.fromEntries(keys.slice(0, index + 1).map((name) => [name, "1"]));
      const after = aDeployment({ spec: { limits } });
      const request = {
        by: key,
        now: at(`00:${String(index).padStart(2, "0")}:00`),
        apiVersion: apiVersionOf(index),
      };
      entries = update(managed(object, entries), after, request);
      object = after;
    }
    return entries;
  };

  test("the oldest become ancient-changes", () => {
    const entries = stored();
    expect(entries.map(({ manager }) => manager)).toEqual(["kubectl", "ancient-changes", ...keys.slice(3)]);
    expect(entries[1]).toEqual(
      entry(
        "ancient-changes",
        { "f:spec": { "f:limits": { "f:k00": {}, "f:k01": {}, "f:k02": {} } } },
        {
          time: "2026-01-01T00:02:00Z",
        },
      ),
    );
  });

  test("each version has its own", () => {
    const entries = stored((index) => (index % 2 ? "apps/v1" : "apps/v2"));
    expect(entries.filter(({ operation }) => operation === "Update")).toHaveLength(10);
    expect(
      entries.filter(({ manager }) => manager === "ancient-changes").map(({ apiVersion }) => apiVersion),
    ).toEqual(["apps/v2", "apps/v1"]);
  });
});
