// Names, labels, annotations, finalizers and owners as a table.
import { expect, test } from "@jest/globals";
import { metadataCauses, type NameRule } from "./metadata.ts";
import type { ObjectMeta } from "./object.ts";

const fields = (metadata: Partial<ObjectMeta>, rule: NameRule = "subdomain"): (string | undefined)[] =>
  metadataCauses({ name: "a", ...metadata } as ObjectMeta, rule).map(({ field }) => field);

const owner = (uid: string, controller = false) => ({ apiVersion: "v1", kind: "Pod", name: uid, uid, controller });

test.each([
  { when: "nothing special", given: {}, want: [] },
  { when: "a name with dots", given: { name: "a-1.b.c" }, want: [] },
  { when: "capitals", given: { name: "A" }, want: ["metadata.name"] },
  { when: "a dash at the end", given: { name: "a-" }, want: ["metadata.name"] },
  { when: "two dots", given: { name: "a..b" }, want: ["metadata.name"] },
  { when: "a name of 253 letters", given: { name: "a".repeat(253) }, want: [] },
  { when: "a name of 254 letters", given: { name: "a".repeat(254) }, want: ["metadata.name"] },
  { when: "good labels", given: { labels: { "a.b/C_1": "X-1.y", empty: "" } }, want: [] },
  { when: "a label key with a space", given: { labels: { "a b": "" } }, want: ["metadata.labels"] },
  { when: "a label key with two slashes", given: { labels: { "a/b/c": "" } }, want: ["metadata.labels"] },
  { when: "a label value of 64 letters", given: { labels: { a: "x".repeat(64) } }, want: ["metadata.labels"] },
  { when: "any annotation value", given: { annotations: { "A.b/c": "x y\nz" } }, want: [] },
  {
    when: "256 KiB of annotations",
    given: { annotations: { a: "x".repeat(256 * 1024) } },
    want: ["metadata.annotations"],
  },
  { when: "a finalizer", given: { finalizers: ["a.b/c", "orphan"] }, want: [] },
  { when: "a finalizer that is no name", given: { finalizers: ["a b"] }, want: ["metadata.finalizers"] },
  { when: "two owners", given: { ownerReferences: [owner("a", true), owner("b")] }, want: [] },
  {
    when: "two controllers",
    given: { ownerReferences: [owner("a", true), owner("b", true)] },
    want: ["metadata.ownerReferences"],
  },
])("$when", ({ given, want }) => expect(fields(given)).toEqual(want));

test("some names are labels", () => {
  expect(fields({ name: "a.b" }, "label")).toEqual(["metadata.name"]);
  expect(fields({ name: "a".repeat(64) }, "label")).toEqual(["metadata.name"]);
});
