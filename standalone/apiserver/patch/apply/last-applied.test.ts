import { expect, test } from "@jest/globals";
import type { JsonObject } from "../json.ts";
import { jsonPatch } from "../json-patch.ts";
import { aDeployment, at, deploymentSchema as schema } from "../test-schema.ts";
import { applyPatch } from "./apply.ts";
import type { ManagedFieldsEntry } from "./managers.ts";
import { updateManagedFields } from "./update.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

const lastApplied = aDeployment({ metadata: { annotations: {} }, spec: { replicas: 1, zones: ["a"] } });

/** As `kubectl apply` leaves it: made by an ordinary create. */
function clientSideApplied(manager = "kubectl-client-side-apply"): JsonObject {
  const metadata = { uid: "1", annotations: { [annotation]: JSON.stringify(lastApplied) } };
  const created = aDeployment({ metadata, spec: { replicas: 1, zones: ["a"] } });
  return store(undefined, created, manager);
}

function store(before: JsonObject | undefined, after: JsonObject, manager: string): JsonObject {
  const request = { schema, before, after, manager, operation: "Update", apiVersion: "apps/v1" } as const;
  const managedFields = updateManagedFields({ ...request, now: at("00:00:00") });
  return { ...after, metadata: { ...(after.metadata as JsonObject), managedFields } } as unknown as JsonObject;
}

const apply = (live: JsonObject, spec: object, manager = "kubectl"): JsonObject =>
  applyPatch({
    schema,
    live,
    applied: aDeployment({ spec }),
    manager,
    force: false,
    apiVersion: "apps/v1",
    now: at("01:00:00"),
  });

const managedFields = ({ metadata }: JsonObject): ManagedFieldsEntry[] =>
  (metadata as JsonObject).managedFields as unknown as ManagedFieldsEntry[];

const annotationOf = ({ metadata }: JsonObject): unknown =>
  ((metadata as JsonObject).annotations as JsonObject)[annotation];

test("kubectl takes over what it last applied itself, without force", () => {
  const result = apply(clientSideApplied(), { replicas: 2, zones: ["a"] });
  expect(result.spec).toEqual({ replicas: 2, zones: ["a"] });
  expect(managedFields(result).map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 }))).toEqual(
    [
      {
        manager: "kubectl",
        operation: "Apply",
        fieldsV1: { "f:spec": { "f:replicas": {}, "f:zones": { 'v:"a"': {} } } },
      },
      {
        manager: "kubectl-client-side-apply",
        operation: "Update",
        fieldsV1: {
          "f:metadata": { "f:annotations": { ".": {}, [`f:${annotation}`]: {} } },
          "f:spec": { ".": {}, "f:zones": { ".": {}, 'v:"a"': {} } },
        },
      },
    ],
  );
});

test("the annotation then records what kubectl applies, keys sorted", () => {
  expect(annotationOf(apply(clientSideApplied(), { replicas: 2, paused: true }))).toBe(
    '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},' +
      '"spec":{"paused":true,"replicas":2}}\n',
  );
});

test.each<{ when: string; live: JsonObject; manager: string }>([
  { when: "somebody changed the field since", live: changedSince(), manager: "kubectl" },
  { when: "somebody else applies", live: clientSideApplied(), manager: "argocd" },
  { when: "the annotation cannot be read", live: withAnnotation("{"), manager: "kubectl" },
  {
    when: "the annotation is of another version",
    live: withAnnotation('{"apiVersion":"apps/v0"}'),
    manager: "kubectl",
  },
  {
    when: "the annotation does not fit the schema",
    live: withAnnotation(JSON.stringify(aDeployment({ spec: { replicas: 1, containers: [{ image: "x" }] } }))),
    manager: "kubectl",
  },
])("it remains a conflict when $when", ({ live, manager }) => {
  expect(() => apply(live, { replicas: 5 }, manager)).toThrow(/^Apply failed with 1 conflict: .*: \.spec\.replicas$/);
});

function changedSince(): JsonObject {
  const live = clientSideApplied();
  return store(live, { ...live, spec: { replicas: 3, zones: ["a"] } }, "autoscaler");
}

function withAnnotation(text: string): JsonObject {
  const live = clientSideApplied();
  return store(
    undefined,
    { ...live, metadata: { ...(live.metadata as JsonObject), annotations: { [annotation]: text } } },
    "x",
  );
}

test("an object without the annotation gets none", () => {
  const result = apply(store(undefined, aDeployment({ spec: {} }), "x"), { replicas: 1 });
  expect((result.metadata as JsonObject).annotations).toBeUndefined();
});

test("an annotation that grows too large is dropped", () => {
  const huge = apply(clientSideApplied(), { extra: { text: "x".repeat(256 * 1024) } });
  expect(annotationOf(huge)).toBeUndefined();
});

test("kubectl's own migration, a patch of the managed fields, moves ownership before it applies", () => {
  const live = clientSideApplied();
  const [entry] = managedFields(live);
  const migrated = jsonPatch(live, [
    {
      op: "replace",
      path: "/metadata/managedFields",
      value: [{ ...entry, manager: "kubectl", operation: "Apply" }] as never,
    },
  ]) as JsonObject;
  const result = apply(store(live, migrated, "kubectl"), { replicas: 2 });
  expect(result.spec).toEqual({ replicas: 2 });
  expect(managedFields(result).map(({ manager, operation }) => `${manager} ${operation}`)).toEqual(["kubectl Apply"]);
});
