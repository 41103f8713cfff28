// Changes of an object that may be there: a replacement, and patches of every type.
import fc from "fast-check";
import type { Kind } from "../kinds.ts";
import type { Step } from "../step.ts";
import { changeOf, merged } from "./changes.ts";
import { manifest, onObject, toStatus } from "./objects.ts";
import { managers } from "./options.ts";

const versionChange = fc.constantFrom<object[]>(
  ...[{}, {}, {}, { metadata: { resourceVersion: null } }, { metadata: { resourceVersion: "@old-rv" } }],
  { metadata: { resourceVersion: "1" } },
  { metadata: { resourceVersion: "x" } },
);

export const replaces = (kind: Kind): fc.Arbitrary<Step> =>
  onObject(
    kind,
    fc
      .record({ change: changeOf(kind), version: versionChange, sub: toStatus(kind) })
      .map(({ change, version, sub }) => ({ change: merged(change, version), sub })),
  ).map(({ change, sub, path, query }) => ({
    ...{ method: "PUT", path: path + sub, query },
    ...{ body: manifest(kind, path.slice(path.lastIndexOf("/") + 1)), change },
  }));

export const mergePatches = (kind: Kind): fc.Arbitrary<Step> =>
  onObject(
    kind,
    fc.record({
      change: changeOf(kind),
      version: versionChange,
      sub: toStatus(kind),
      type: fc.constantFrom("merge-patch", "strategic-merge-patch"),
    }),
  ).map(({ change, version, sub, type, path, query }) => ({
    ...{ method: "PATCH", path: path + sub, query },
    ...{ contentType: `application/${type}+json`, body: merged(change, version) },
  }));

const operations: fc.Arbitrary<object> = fc.constantFrom<object[]>(
  { op: "add", path: "/metadata/labels", value: { a: "1" } },
  { op: "add", path: "/metadata/labels/c", value: "3" },
  { op: "replace", path: "/metadata/labels/a", value: "9" },
  { op: "remove", path: "/metadata/labels/a" },
  { op: "remove", path: "/metadata/annotations" },
  { op: "test", path: "/metadata/labels/a", value: "1" },
  { op: "test", path: "/metadata/name", value: "a" },
  { op: "test", path: "/metadata/resourceVersion", value: "@rv" },
  { op: "test", path: "/metadata/resourceVersion", value: "@old-rv" },
  { op: "replace", path: "/metadata/resourceVersion", value: "@old-rv" },
  { op: "add", path: "/metadata/finalizers", value: ["compare.dev/hold"] },
  { op: "add", path: "/metadata/finalizers/-", value: "compare.dev/other" },
  { op: "remove", path: "/metadata/finalizers/0" },
  { op: "copy", from: "/metadata/labels", path: "/metadata/annotations" },
  { op: "move", from: "/metadata/labels", path: "/metadata/annotations" },
  { op: "add", path: "/spec/unheardOf", value: 1 },
  { op: "remove", path: "/spec" },
  { op: "replace", path: "/spec/runStrategy", value: "Always" },
  { op: "replace", path: "/metadata/name", value: "other" },
  { op: "replace", path: "", value: {} },
  { op: "invent", path: "/metadata" },
  { op: "add", path: "metadata", value: 1 },
);

export const jsonPatches = (kind: Kind): fc.Arbitrary<Step> =>
  onObject(kind, fc.record({ body: fc.array(operations, { minLength: 1, maxLength: 3 }), sub: toStatus(kind) })).map(
    ({ body, sub, path, query }) => ({
      ...{ method: "PATCH", path: path + sub, query, contentType: "application/json-patch+json", body },
    }),
  );

/** What null means there differs, see differences.ts; a label of null stays behind as one that is empty. */
const withoutNulls = (value: unknown): unknown =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, withoutNulls(inner)]])),
      );

export const applies = (kind: Kind): fc.Arbitrary<Step> =>
  onObject(
    kind,
    fc.record({
      change: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 4, arbitrary: changeOf(kind) }),
      whole: fc.boolean(),
      sub: fc.oneof({ weight: 3, arbitrary: fc.constant("") }, toStatus(kind)),
      manager: managers,
      force: fc.constantFrom({}, {}, { force: "true" }, { force: "false" }),
    }),
  ).map(({ change, whole, sub, manager, force, path, query }) => {
    const base = manifest(kind, path.slice(path.lastIndexOf("/") + 1));
    const { apiVersion, kind: name, metadata } = base as Record<string, unknown>;
    return {
      ...{ method: "PATCH", path: path + sub, contentType: "application/apply-patch+yaml" },
      query: { ...query, fieldManager: manager, ...force } as Record<string, string>,
      body: withoutNulls(merged(whole ? base : { apiVersion, kind: name, metadata }, change)),
    };
  });
