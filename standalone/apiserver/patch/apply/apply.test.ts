import { describe, expect, test } from "@jest/globals";
import { PatchError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { aDeployment, at } from "../test-schema.ts";
import { apply, fieldsOf, managedFields, update, withSpec } from "./test-steps.ts";

test("a first apply creates the object and one entry, without what identifies the object", () => {
  const applied = aDeployment({
    metadata: { labels: { app: "web" }, creationTimestamp: null },
    spec: { replicas: 3, containers: [{ name: "web", image: "web:1" }] },
  });
  expect(apply(undefined, applied, { by: "kubectl" })).toEqual({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "web",
      namespace: "default",
      labels: { app: "web" },
      managedFields: [
        {
          manager: "kubectl",
          operation: "Apply",
          apiVersion: "apps/v1",
          time: "2026-01-01T00:00:00Z",
          fieldsType: "FieldsV1",
          fieldsV1: {
            "f:metadata": { "f:labels": { "f:app": {} } },
            "f:spec": {
              "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:image": {}, "f:name": {} } },
              "f:replicas": {},
            },
          },
        },
      ],
    },
    spec: { replicas: 3, containers: [{ name: "web", image: "web:1" }] },
  });
});

test.each<{ when: string; first: object; second: object; want: object }>([
  {
    when: "a field is dropped",
    first: { replicas: 1, paused: true },
    second: { paused: true },
    want: { paused: true },
  },
  { when: "all is dropped", first: { replicas: 1 }, second: {}, want: {} },
  {
    when: "an object is dropped with its last field",
    first: { paused: true, strategy: { type: "A" } },
    second: { paused: true },
    want: { paused: true },
  },
  {
    when: "an atomic object is replaced",
    first: { selector: { app: "a", tier: "b" } },
    second: { selector: { app: "c" } },
    want: { selector: { app: "c" } },
  },
  {
    when: "an atomic list is replaced",
    first: { containers: [{ name: "web", args: ["a", "b"] }] },
    second: { containers: [{ name: "web", args: ["c"] }] },
    want: { containers: [{ name: "web", args: ["c"] }] },
  },
  {
    when: "a key of a map is dropped",
    first: { limits: { cpu: 1, memory: 2 } },
    second: { limits: { memory: 3 } },
    want: { limits: { memory: 3 } },
  },
  {
    when: "a value of a set is dropped",
    first: { zones: ["a", "b"] },
    second: { zones: ["b"] },
    want: { zones: ["b"] },
  },
  {
    when: "an item is dropped",
    first: { containers: [{ name: "a", image: "a:1" }, { name: "b" }] },
    second: { containers: [{ name: "b" }] },
    want: { containers: [{ name: "b" }] },
  },
  {
    when: "items are reordered",
    first: { containers: [{ name: "a" }, { name: "b" }] },
    second: { containers: [{ name: "b" }, { name: "a" }] },
    want: { containers: [{ name: "b" }, { name: "a" }] },
  },
  {
    when: "a key's default is spelled out",
    first: { containers: [{ name: "a", ports: [{ port: 53, name: "dns" }] }] },
    second: { containers: [{ name: "a", ports: [{ port: 53, protocol: "TCP", name: "dns" }] }] },
    want: { containers: [{ name: "a", ports: [{ port: 53, protocol: "TCP", name: "dns" }] }] },
  },
  {
    when: "a second key makes another item",
    first: { containers: [{ name: "a", ports: [{ port: 53 }] }] },
    second: { containers: [{ name: "a", ports: [{ port: 53 }, { port: 53, protocol: "UDP" }] }] },
    want: { containers: [{ name: "a", ports: [{ port: 53 }, { port: 53, protocol: "UDP" }] }] },
  },
  {
    when: "a field without schema is dropped",
    first: { extra: { a: { b: 1, c: [1] }, d: 1 } },
    second: { extra: { a: { c: [2] } } },
    want: { extra: { a: { c: [2] } } },
  },
  {
    when: "an object without schema becomes a scalar",
    first: { extra: { a: { b: 1 } } },
    second: { extra: { a: "x" } },
    want: { extra: { a: "x" } },
  },
])("applied again by the same manager: $when", ({ first, second, want }) => {
  const live = apply(undefined, withSpec(first), { by: "a" });
  const result = apply(live, withSpec(second), { by: "a" });
  expect(result.spec ?? {}).toEqual(want);
  expect(fieldsOf(result)).toEqual(fieldsOf(apply(undefined, withSpec(second), { by: "a" })));
});

test("applied again without a change, the object and the time of its entry stay", () => {
  const applied = withSpec({ replicas: 1, containers: [{ name: "a" }] });
  const live = apply(undefined, applied, { by: "a" });
  expect(apply(live, applied, { by: "a", now: at("01:00:00") })).toBe(live);
});

describe("what somebody else owns", () => {
  const containers = [{ name: "web", image: "web:1" }];

  test("stays when a manager drops it, while the rest goes", () => {
    const live = apply(
      apply(undefined, withSpec({ replicas: 1, containers }), { by: "a" }),
      withSpec({ containers }),
      {
        by: "b",
      },
    );
    const result = apply(live, aDeployment({}), { by: "a" });
    expect(result.spec).toEqual({ containers });
    expect(Object.keys(fieldsOf(result))).toEqual(["b Apply"]);
  });

  test("an item stays with the fields its other owner applies", () => {
    const first = apply(undefined, withSpec({ containers: [{ name: "web", image: "web:1", args: ["x"] }] }), {
      by: "a",
    });
    const live = apply(first, withSpec({ containers: [{ name: "web", image: "web:1" }] }), { by: "b" });
    expect(apply(live, withSpec({}), { by: "a" }).spec).toEqual({ containers: [{ name: "web", image: "web:1" }] });
  });

  test("an updater keeps what it set in an item that the applier drops", () => {
    const first = apply(undefined, withSpec({ containers: [{ name: "web", image: "web:1" }] }), { by: "a" });
    const live = update(
      first,
      { ...first, spec: { containers: [{ name: "web", image: "web:1", args: ["x"] }] } },
      "u",
    );
    const result = apply(live, withSpec({}), { by: "a" });
    // The updater owns args, nobody owns the item any more: it goes, as in Kubernetes.
    expect(result.spec ?? {}).toEqual({});
  });

  test("a field that nobody applied, such as a default, stays; inside an object that goes it goes with it", () => {
    const first = apply(undefined, withSpec({ strategy: { type: "A" } }), { by: "a" });
    const live = { ...first, spec: { paused: false, strategy: { type: "A", window: 25 } } };
    expect(apply(live, withSpec({}), { by: "a" }).spec).toEqual({ paused: false });
  });

  test("a map that an updater made stays its own when its last key goes", () => {
    const first = update(undefined, withSpec({ limits: { cpu: 1 } }), "u");
    const second = apply(first, withSpec({ limits: { memory: 1 } }), { by: "a" });
    const live = update(second, { ...second, spec: { limits: { memory: 1 } } }, "u");
    const result = apply(live, aDeployment({}), { by: "a" });
    expect(result.spec).toEqual({});
    expect(fieldsOf(result)).toEqual({ "u Update": { "f:spec": { ".": {}, "f:limits": {} } } });
  });
});

describe("a map that is applied empty", () => {
  test("stays when its last field goes", () => {
    const live = apply(undefined, withSpec({ strategy: { type: "A" }, limits: { cpu: 1 } }), { by: "a" });
    expect(apply(live, withSpec({ strategy: {}, limits: {} }), { by: "a" }).spec).toEqual({
      strategy: {},
      limits: {},
    });
  });

  test("stays when the field of another manager goes", () => {
    const first = apply(undefined, withSpec({ strategy: {} }), { by: "a" });
    const live = apply(first, withSpec({ strategy: { type: "A" } }), { by: "b" });
    expect(apply(live, aDeployment({}), { by: "b" }).spec).toEqual({ strategy: {} });
  });

  test("takes nothing away from others", () => {
    const live = apply(undefined, withSpec({ strategy: { type: "A" } }), { by: "a" });
    expect(apply(live, withSpec({ strategy: {} }), { by: "b" }).spec).toEqual({ strategy: { type: "A" } });
  });
});

test("what was there before anybody was tracked belongs to before-first-apply", () => {
  const live = withSpec({ replicas: 1, paused: true });
  expect(() => apply(live, withSpec({ replicas: 2 }), { by: "a" })).toThrow(
    'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.replicas',
  );
  expect(fieldsOf(apply(live, withSpec({ replicas: 2 }), { by: "a", force: true }))).toEqual({
    "a Apply": { "f:spec": { "f:replicas": {} } },
    "before-first-apply Update": { "f:spec": { ".": {}, "f:paused": {} } },
  });
});

test("a field that became atomic is owned as a whole", () => {
  const live = apply(undefined, withSpec({ selector: { app: "a" } }), { by: "a" });
  const [entry] = managedFields(live);
  const before = {
    ...live,
    metadata: {
      ...(live.metadata as JsonObject),
      managedFields: [{ ...entry, fieldsV1: { "f:spec": { "f:selector": { "f:app": {} } } } }],
    },
  } as unknown as JsonObject;
  expect(fieldsOf(apply(before, withSpec({ replicas: 1 }), { by: "b" }))["a Apply"]).toEqual({
    "f:spec": { "f:selector": {} },
  });
});

test("a key that was spelled out and is left to its default again is the server's to default", () => {
  const spelled = withSpec({ containers: [{ name: "a", ports: [{ port: 53, protocol: "TCP" }] }] });
  const left = withSpec({ containers: [{ name: "a", ports: [{ port: 53 }] }] });
  expect(apply(apply(undefined, spelled, { by: "a" }), left, { by: "a" }).spec).toEqual(left.spec);
});

test("an item of which a manager owned the key alone stays whole when it lets go", () => {
  const first = update(undefined, withSpec({ containers: [{ name: "web", image: "web:1" }] }), "u");
  const owned = { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:name": {} } } } };
  const entry = { manager: "a", operation: "Apply", apiVersion: "apps/v1", fieldsType: "FieldsV1", fieldsV1: owned };
  const metadata = { ...(first.metadata as JsonObject), managedFields: [...managedFields(first), entry] };
  const live = { ...first, metadata } as unknown as JsonObject;
  expect(apply(live, aDeployment({}), { by: "a" }).spec).toEqual({ containers: [{ name: "web", image: "web:1" }] });
});

test("a precondition in the configuration reaches the caller", () => {
  const live = aDeployment({ metadata: { resourceVersion: "5" }, spec: { replicas: 1 } });
  const applied = aDeployment({ metadata: { resourceVersion: "4" }, spec: { paused: true } });
  expect(apply(live, applied, { by: "a" }).metadata).toMatchObject({ resourceVersion: "4" });
});

test.each<{ when: string; applied: JsonObject; message: string | RegExp }>([
  {
    when: "managed fields",
    applied: aDeployment({ metadata: { managedFields: [] } }),
    message: "metadata.managedFields must be nil",
  },
  {
    when: "another version",
    applied: { ...aDeployment({}), apiVersion: "apps/v2" },
    message: "Incorrect version specified in apply patch. Specified patch version: apps/v2, expected: apps/v1",
  },
  {
    when: "an unknown field",
    applied: withSpec({ replica: 1 }),
    message:
      "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): " +
      ".spec.replica: field not declared in schema",
  },
  {
    when: "several problems",
    applied: withSpec({ replicas: "1", zones: "a" }),
    message: /errors:\n {2}\.spec\.replicas: expected number, got "1"\n {2}\.spec\.zones: expected list, got "a"/,
  },
  {
    when: "an item twice",
    applied: withSpec({ containers: [{ name: "a" }, { name: "a" }] }),
    message: /\.spec\.containers: duplicate entries for key \[name="a"\]/,
  },
  {
    when: "an item without its key",
    applied: withSpec({ containers: [{ image: "a" }] }),
    message: /\.spec\.containers: element 0: associative list with keys has an element that omits all key fields/,
  },
  {
    when: "a set of objects",
    applied: withSpec({ zones: [{}] }),
    message: /\.spec\.zones: element 0: .* not a scalar/,
  },
])("a configuration is refused: $when", ({ applied, message }) => {
  const refused = () => apply(undefined, applied, { by: "a" });
  expect(refused).toThrow(message);
  expect(refused).toThrow(PatchError);
  expect(refused).toThrow(expect.objectContaining({ code: 400 }));
});
