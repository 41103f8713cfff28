import { expect, test } from "@jest/globals";
import { type Change, objectStore } from "./object-store.ts";
import type { KubernetesObject } from "./objects.ts";

const a = (uid: string, resourceVersion: string): KubernetesObject => ({
  ...{ apiVersion: "v1", kind: "ConfigMap" },
  metadata: { namespace: "default", name: "a", uid, resourceVersion },
});
const b: KubernetesObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", resourceVersion: "1" } };

test.each<{ when: string; given: KubernetesObject[][]; want: Change<KubernetesObject>[] }>([
  { when: "nothing was there", given: [[a("1", "1")]], want: [{ type: "added", object: a("1", "1") }] },
  {
    when: "one is the same",
    given: [[a("1", "1")], [a("1", "1")]],
    want: [{ type: "added", object: a("1", "1") }],
  },
  {
    when: "one changed",
    given: [[a("1", "1")], [a("1", "2")]],
    want: [
      { type: "added", object: a("1", "1") },
      { type: "modified", object: a("1", "2"), before: a("1", "1") },
    ],
  },
  {
    when: "one was replaced by another of its name",
    given: [[a("1", "1")], [a("2", "2")]],
    want: [
      { type: "added", object: a("1", "1") },
      { type: "deleted", object: a("1", "1") },
      { type: "added", object: a("2", "2") },
    ],
  },
  {
    when: "one is gone",
    given: [[a("1", "1"), b], [b]],
    want: [
      { type: "added", object: a("1", "1") },
      { type: "added", object: b },
      { type: "deleted", object: a("1", "1") },
    ],
  },
])("tells the changes when $when", ({ given, want }) => {
  const told: Change<KubernetesObject>[] = [];
  const store = objectStore<KubernetesObject>((change) => {
    told.push(change);
    expect(store.all().includes(change.object)).toBe(change.type !== "deleted");
  });
  for (const objects of given) store.replace(objects);
  expect(told).toEqual(want);
  expect(store.all()).toEqual(given.at(-1));
});
