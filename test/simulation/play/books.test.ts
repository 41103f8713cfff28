// The books of a run: the digest tells one order of writes from another, and heartbeats are no change.
import type { Write } from "../api-server/index.ts";
import { openBooks } from "./books.ts";

const object = (resourceVersion: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a", namespace: "default", resourceVersion },
});

const write = (given: Partial<Write> = {}): Write => ({
  ...{ user: "somebody", verb: "patch", kind: "Pod", key: { namespace: "default", name: "a" } },
  before: object("1"),
  after: object("2"),
  ...given,
});

test.each([
  { when: "a change", given: write(), changedMs: 5 },
  { when: "a write without a change", given: write({ after: undefined, before: undefined }), changedMs: 0 },
  { when: "a heartbeat", given: write({ kind: "Node" }), changedMs: 0 },
])("$when", ({ given, changedMs }) => {
  const books = openBooks();
  books.take(given, 5);
  expect({ changedMs: books.changedMs, writes: books.writes }).toEqual({ changedMs, writes: 1 });
});

test("the same writes at the same times have the same digest, others another", () => {
  const digestOf = (...writes: [Write, number][]): string => {
    const books = openBooks();
    for (const [each, atMs] of writes) books.take(each, atMs);
    return books.digest;
  };
  const [one, other] = [write(), write({ user: "other" })];
  expect(digestOf([one, 1], [other, 2])).toBe(digestOf([one, 1], [other, 2]));
  expect(digestOf([one, 1], [other, 2])).not.toBe(digestOf([other, 1], [one, 2]));
  expect(digestOf([one, 1])).not.toBe(digestOf([one, 2]));
});

test("what changed of late is told, most often first", () => {
  const books = openBooks();
  books.take(write(), 1);
  books.take(write({ user: "old" }), 1);
  for (const atMs of [2, 3]) books.take(write({ subresource: "status" }), atMs);
  books.take(write({ verb: "delete", after: undefined }), 4);
  expect(books.changesSince(1)).toEqual([
    "somebody patch Pod/status default/a (2 times)",
    "somebody removed Pod default/a",
  ]);
});
