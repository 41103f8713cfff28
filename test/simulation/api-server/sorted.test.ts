// The order of objects and their snapshots, against a plain list that is sorted anew.
import { expect, test } from "@jest/globals";
import type { KubernetesObject } from "../../../standalone/apiserver/object.ts";
import { fc } from "../../support/property.ts";
import { allOf, countBehind, type Snapshot, type Sorted, scan, sorted } from "./sorted.ts";

const named = (name: string): KubernetesObject =>
  ({ apiVersion: "v1", kind: "Pod", metadata: { name } }) as KubernetesObject;

const namesOf = (snapshot: Snapshot): string[] => allOf(snapshot).map(({ metadata }) => metadata.name);

function behind(snapshot: Snapshot, prefix: string, after?: string): string[] {
  const seen: string[] = [];
  scan(snapshot, { prefix, after }, (_, key) => {
    seen.push(key);
    return true;
  });
  return seen;
}

const key = fc
  .tuple(fc.constantFrom("a", "b", "b-c"), fc.integer({ min: 0, max: 2000 }))
  .map((parts) => parts.join("/"));
const step = fc.record({ key, isPut: fc.boolean() });

type Step = { key: string; isPut: boolean };

function perform(objects: Sorted, plain: Set<string>, { key: name, isPut }: Step): void {
  if (isPut) objects.put(name, named(name));
  else objects.delete(name);
  plain[isPut ? "add" : "delete"](name);
}

const steps = fc.array(step, { maxLength: 2000, size: "max" });

test("whatever is put and deleted stands in order, and a snapshot stays as it was", () => {
  fc.assert(
    fc.property(steps, steps, (first, second) => {
      const [objects, plain] = [sorted(), new Set<string>()];
      for (const one of first) perform(objects, plain, one);
      const [snapshot, then] = [objects.snapshot(), [...plain].sort()];
      for (const one of second) perform(objects, plain, one);
      const want = [...plain].sort();
      expect([namesOf(objects.now), objects.size]).toEqual([want, want.length]);
      expect(namesOf(snapshot)).toEqual(then);
    }),
    { numRuns: 20 },
  );
});

test("a part of them is found by how its keys begin, and by what it is behind", () => {
  fc.assert(
    fc.property(steps, key, (all, after) => {
      const [objects, plain] = [sorted(), new Set<string>()];
      for (const one of all) perform(objects, plain, one);
      const want = [...plain].sort();
      const ofB = want.filter((name) => name.startsWith("b/"));
      expect(behind(objects.now, "b/")).toEqual(ofB);
      expect(behind(objects.now, "", after)).toEqual(want.filter((name) => name > after));
      const count = countBehind(objects.now, { prefix: "b/", after: "b/1" });
      expect(count).toBe(ofB.filter((name) => name > "b/1").length);
    }),
    { numRuns: 20 },
  );
});
