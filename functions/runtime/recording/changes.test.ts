import { changesOf } from "./changes.ts";

const ready = { type: "Ready", status: "True" };
const paused = { type: "Paused", status: "False" };

test.each([
  { when: "nothing", before: { a: [1] }, after: { a: [1] }, want: [] },
  { when: "a field", before: { a: 1 }, after: { a: 2 }, want: [".a"] },
  { when: "a field that comes", before: {}, after: { a: { b: 1 } }, want: [".a"] },
  { when: "an object that becomes a list", before: { a: {} }, after: { a: [] }, want: [".a"] },
  { when: "an item of a list", before: [1, 2], after: [1, 3, 4], want: ["[1]", "[2]"] },
  {
    when: "an item among others",
    before: [ready, paused],
    after: [paused, { ...ready, status: "False" }],
    want: ["[Ready].status"],
  },
  { when: "a condition that comes first", before: [ready], after: [paused, ready], want: ["[Paused]"] },
  { when: "items of one name", before: [ready, ready], after: [ready, paused], want: ["[1].type", "[1].status"] },
])("$when", ({ before, after, want }) => expect(changesOf(before, after).map(({ path }) => path)).toEqual(want));
