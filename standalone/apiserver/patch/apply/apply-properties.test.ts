import { expect, test } from "@jest/globals";
import { fc } from "../../../../test/support/property.ts";
import type { JsonObject } from "../json.ts";
import { aDeployment, at, deploymentSchema as schema } from "../test-schema.ts";
import { applyPatch } from "./apply.ts";
import { compare } from "./comparison.ts";
import { difference, intersection, paths, union } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { managedFieldsOf, withoutManagedFields } from "./managers.ts";
import { withResourceProperties } from "./object-meta.ts";

const apply = (live: JsonObject | undefined, applied: JsonObject, manager: string): JsonObject =>
  applyPatch({ schema, live, applied, manager, force: true, apiVersion: "apps/v1", now: at("00:00:00") });

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const text = fc.constantFrom("1", "2");
const subset = (...names: string[]) => fc.shuffledSubarray(names);
const map = (...names: string[]) => subset(...names).map((keys) => Object.fromEntries(keys.map((key) => [key, "1"])));

const deduced = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.array(text, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("x", "y"), tie("value"), { noNullPrototype: true }),
  ),
})).value;

const container = (name: string) =>
  fc.record({
    name: fc.constant(name),
    image: some(text),
    args: some(subset("a", "b")),
    env: some(subset("A", "B").map((names) => names.map((key) => ({ name: key, value: "1" })))),
    ports: some(
      fc.uniqueArray(fc.constantFrom(80, 53), { maxLength: 2 }).map((all) => all.map((port) => ({ port }))),
    ),
  });

const containers = subset("a", "b", "c").chain((names) => fc.tuple(...names.map(container)));

/** A configuration as YAML would have it: no field is undefined. */
const configuration = fc
  .record({
    metadata: some(fc.record({ labels: some(map("app", "tier")), finalizers: some(subset("f", "g")) })),
    spec: some(
      fc.record({
        replicas: some(fc.constantFrom(1, 2)),
        strategy: some(fc.record({ type: some(text) })),
        selector: some(map("app", "tier")),
        limits: some(map("cpu", "memory")),
        zones: some(subset("x", "y", "z")),
        containers: some(containers),
        extra: some(fc.dictionary(fc.constantFrom("x", "y"), deduced, { noNullPrototype: true })),
      }),
    ),
  })
  .map((fields): JsonObject => aDeployment(JSON.parse(JSON.stringify(fields))));

/** Until somebody does, what stands in an object counts as written before anybody was tracked. */
const whereSomebodyOwnsAField = (object: JsonObject) => fc.pre(managedFieldsOf(object) !== undefined);

test("applying twice is applying once", () => {
  fc.assert(
    fc.property(configuration, configuration, configuration, (before, other, applied) => {
      const live = apply(apply(undefined, before, "a"), other, "b");
      const once = apply(live, applied, "a");
      whereSomebodyOwnsAField(once);
      expect(apply(once, applied, "a")).toBe(once);
    }),
  );
});

test("after an apply every field of the configuration has the applied value", () => {
  fc.assert(
    fc.property(configuration, configuration, configuration, (before, other, applied) => {
      const live = apply(apply(undefined, before, "a"), other, "b");
      const result = withoutManagedFields(apply(live, applied, "a"));
      const { modified, removed } = compare(withResourceProperties(schema), applied, result);
      // A map or list applied empty takes nothing away from what others have in it.
      const wanted = intersection(union(modified, removed), fieldSetOf(schema, withoutEmpty(applied)));
      expect(paths(wanted)).toEqual([]);
    }),
  );
});

const withoutEmpty = (object: JsonObject): JsonObject =>
  JSON.parse(JSON.stringify(object), (_, value) =>
    typeof value === "object" && Object.keys(value).length === 0 ? undefined : value,
  );

test("what one manager lets go of leaves what the other applies", () => {
  fc.assert(
    fc.property(configuration, configuration, (mine, theirs) => {
      const live = apply(apply(undefined, mine, "a"), theirs, "b");
      const result = fieldSetOf(schema, withoutManagedFields(apply(live, aDeployment({}), "a")));
      expect(paths(difference(fieldSetOf(schema, theirs), result))).toEqual([]);
    }),
  );
});

test("what all managers let go of is gone, but for lists that were applied empty", () => {
  fc.assert(
    fc.property(configuration, configuration, (mine, theirs) => {
      const live = apply(apply(undefined, mine, "a"), theirs, "b");
      const gone = apply(apply(live, aDeployment({}), "a"), aDeployment({}), "b");
      const left = fieldSetOf(schema, withoutManagedFields(gone));
      expect(paths(difference(left, fieldSetOf(schema, aDeployment({}))))).toEqual([]);
    }),
  );
});

test("two managers of different fields may apply in either order", () => {
  const [mine, theirs] = [
    new Set(["replicas", "zones", "limits"]),
    new Set(["strategy", "containers", "selector", "extra"]),
  ];
  const only = (applied: JsonObject, names: Set<string>): JsonObject => {
    const spec = Object.entries((applied.spec ?? {}) as JsonObject).filter(([name]) => names.has(name));
    return aDeployment({ spec: Object.fromEntries(spec) });
  };
  fc.assert(
    fc.property(configuration, configuration, configuration, (before, one, two) => {
      const live = apply(undefined, before, "c");
      whereSomebodyOwnsAField(live);
      const [left, right] = [only(one, mine), only(two, theirs)];
      const leftFirst = apply(apply(live, left, "a"), right, "b");
      const rightFirst = apply(apply(live, right, "b"), left, "a");
      expect(withoutTimes(leftFirst)).toEqual(withoutTimes(rightFirst));
    }),
  );
});

/** Who applies what is there already leaves no time, so times and the order by them depend on who was first. */
function withoutTimes(object: JsonObject): unknown {
  const entries = (object.metadata as JsonObject).managedFields ?? [];
  const managed = (entries as JsonObject[]).map(({ time, ...entry }) => JSON.stringify(entry));
  return { managed: new Set(managed), object: withoutManagedFields(object) };
}
