// What is changed in an object: merge patches of its metadata, and those that its kind names.
import fc from "fast-check";
import type { Kind } from "../kinds.ts";

const labels = fc.constantFrom<object[]>(
  { a: "1" },
  { a: "2", b: "x" },
  { a: null } as object,
  { "not valid!": "x" },
  { a: "not valid!" },
);
const metadataChange: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: labels.map((value) => ({ metadata: { labels: value } })) },
  {
    weight: 5,
    arbitrary: fc.constantFrom<object[]>(
      { metadata: { annotations: { note: "one" } } },
      { metadata: { annotations: { note: "two", more: "x" } } },
      { metadata: { annotations: { note: null } } },
      { metadata: { annotations: { "a b": "x" } } },
      { metadata: { annotations: { note: 5 } } },
      { metadata: { annotations: null, labels: null } },
      { metadata: { finalizers: ["compare.dev/hold"] } },
      { metadata: { finalizers: ["compare.dev/hold", "compare.dev/other"] } },
      { metadata: { finalizers: null } },
      { metadata: { finalizers: [] } },
      { metadata: { finalizers: ["not a finalizer"] } },
      { metadata: { uid: "@uid" } },
      { metadata: { uid: "11111111-0000-4000-8000-000000000000" } },
      { metadata: { name: "other" } },
      { metadata: { namespace: "other" } },
      { metadata: { generateName: "gen-1000-" } },
      { metadata: { creationTimestamp: "2020-01-01T00:00:00Z" } },
      { metadata: { deletionTimestamp: "2020-01-01T00:00:00Z" } },
      { metadata: { deletionGracePeriodSeconds: 5 } },
      { metadata: { selfLink: "x" } },
      { metadata: { unheardOf: 1 } },
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "x" }] } },
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "", uid: "u" }] } },
    ),
  },
);

export const anyChange = (kind: Kind): fc.Arbitrary<object> =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...kind.changes) }, { weight: 2, arbitrary: metadataChange });

export const changeOf = (kind: Kind): fc.Arbitrary<object> =>
  kind.statuses
    ? fc.oneof({ weight: 3, arbitrary: anyChange(kind) }, fc.constantFrom(...kind.statuses))
    : anyChange(kind);

export const merged = (below: object, above: object): object => {
  const all = { ...below } as Record<string, unknown>;
  for (const [key, value] of Object.entries(above)) {
    const under = all[key];
    const isDeep = [under, value].every((one) => typeof one === "object" && one !== null && !Array.isArray(one));
    all[key] = isDeep ? merged(under as object, value as object) : value;
  }
  return all;
};
