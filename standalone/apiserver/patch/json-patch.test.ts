import { expect, test } from "@jest/globals";
import { fc } from "../../../test/support/property.ts";
import type { JsonValue } from "../schema/schema.ts";
import { PatchError } from "./errors.ts";
import { equal, isObject } from "./json.ts";
import { jsonPatch } from "./json-patch.ts";

test.each<{ when: string; document: JsonValue; operations: JsonValue; want: JsonValue }>([
  {
    when: "add sets a member",
    document: { a: 1 },
    operations: [{ op: "add", path: "/b", value: [2] }],
    want: { a: 1, b: [2] },
  },
  {
    when: "add replaces a member",
    document: { a: 1 },
    operations: [{ op: "add", path: "/a", value: null }],
    want: { a: null },
  },
  {
    when: "add inserts into an array",
    document: [1, 3],
    operations: [{ op: "add", path: "/1", value: 2 }],
    want: [1, 2, 3],
  },
  {
    when: "add appends at the end",
    document: [1],
    operations: [
      { op: "add", path: "/1", value: 2 },
      { op: "add", path: "/-", value: 3 },
    ],
    want: [1, 2, 3],
  },
  {
    when: "add replaces the document",
    document: { a: 1 },
    operations: [{ op: "add", path: "", value: { b: 2 } }],
    want: { b: 2 },
  },
  {
    when: "remove takes a member and an item",
    document: { a: 1, b: [1, 2] },
    operations: [
      { op: "remove", path: "/a" },
      { op: "remove", path: "/b/0" },
    ],
    want: { b: [2] },
  },
  {
    when: "a negative index counts from the end",
    document: [1, 2, 3],
    operations: [{ op: "remove", path: "/-1" }],
    want: [1, 2],
  },
  {
    when: "replace changes an item",
    document: { a: [1, 2] },
    operations: [{ op: "replace", path: "/a/1", value: 3 }],
    want: { a: [1, 3] },
  },
  {
    when: "replace creates an absent member",
    document: {},
    operations: [{ op: "replace", path: "/a", value: 1 }],
    want: { a: 1 },
  },
  {
    when: "move takes a value elsewhere",
    document: { a: { b: 1 }, c: {} },
    operations: [{ op: "move", from: "/a/b", path: "/c/d" }],
    want: { a: {}, c: { d: 1 } },
  },
  {
    when: "copy copies, so a later change shows in one place",
    document: { a: { b: 1 } },
    operations: [
      { op: "copy", from: "/a", path: "/c" },
      { op: "add", path: "/c/b", value: 2 },
    ],
    want: { a: { b: 1 }, c: { b: 2 } },
  },
  {
    when: "test compares whole values, whatever the order of members",
    document: { a: { b: 1, c: [2] } },
    operations: [{ op: "test", path: "/a", value: { c: [2], b: 1 } }],
    want: { a: { b: 1, c: [2] } },
  },
  {
    when: "test takes an absent member for null",
    document: {},
    operations: [{ op: "test", path: "/a", value: null }],
    want: {},
  },
  {
    when: "a pointer escapes slash and tilde",
    document: { "a/b": { "c~d": 1 } },
    operations: [{ op: "add", path: "/a~1b/c~0d", value: 2 }],
    want: { "a/b": { "c~d": 2 } },
  },
  {
    when: "~01 is ~1",
    document: {},
    operations: [{ op: "add", path: "/~01", value: 1 }],
    want: { "~1": 1 },
  },
  {
    when: "an inherited name is a member like any other",
    document: {},
    operations: [{ op: "add", path: "/constructor", value: "x" }],
    want: { constructor: "x" } as JsonValue,
  },
])("$when", ({ document, operations, want }) => {
  const before = structuredClone(document);
  expect(jsonPatch(document, operations)).toEqual(want);
  expect(document).toEqual(before);
});

test.each<{ when: string; operations: JsonValue; code: number; message: string | RegExp }>([
  { when: "no array", operations: { op: "add" }, code: 400, message: /expected an array/ },
  { when: "no object", operations: ["add"], code: 400, message: /expected an array of operations/ },
  {
    when: "too many operations",
    operations: Array.from({ length: 10_001 }, () => ({ op: "test", path: "/a", value: 1 })),
    code: 413,
    message: "The allowed maximum operations in a JSON patch is 10000, got 10001",
  },
  { when: "an unknown op", operations: [{ op: "merge", path: "/a" }], code: 422, message: /unknown op: "merge"/ },
  { when: "an inherited op", operations: [{ op: "toString", path: "/a" }], code: 422, message: /unknown op/ },
  { when: "no path", operations: [{ op: "remove" }], code: 422, message: /path is missing/ },
  { when: "no leading slash", operations: [{ op: "remove", path: "a" }], code: 422, message: /expected it to start/ },
  { when: "a bad escape", operations: [{ op: "remove", path: "/a~2" }], code: 422, message: /neither 0 nor 1/ },
  {
    when: "a test that fails",
    operations: [{ op: "test", path: "/a", value: 2 }],
    code: 422,
    message: "operation 0 (test) failed: testing value /a failed",
  },
  { when: "nothing to remove", operations: [{ op: "remove", path: "/x" }], code: 422, message: /does not exist/ },
  {
    when: "nothing inherited",
    operations: [{ op: "remove", path: "/toString" }],
    code: 422,
    message: /does not exist/,
  },
  { when: "no container", operations: [{ op: "add", path: "/x/y", value: 1 }], code: 422, message: /missing path/ },
  {
    when: "past the end",
    operations: [{ op: "add", path: "/l/3", value: 1 }],
    code: 422,
    message: /invalid index: 3/,
  },
  {
    when: "no such item",
    operations: [{ op: "replace", path: "/l/2", value: 1 }],
    code: 422,
    message: /invalid index/,
  },
  { when: "no index", operations: [{ op: "remove", path: "/l/01" }], code: 422, message: /not a proper array index/ },
])("a patch is refused: $when", ({ operations, code, message }) => {
  const refused = () => jsonPatch({ a: 1, l: [1, 2] }, operations);
  expect(refused).toThrow(PatchError);
  expect(refused).toThrow(message);
  expect(refused).toThrow(expect.objectContaining({ code }));
});

test("a document cannot be made to change prototypes", () => {
  const patched = jsonPatch({}, [{ op: "add", path: "/__proto__", value: { polluted: true } }]);
  expect(Object.keys(patched as object)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

const pointerTo = (path: string, key: string): string => `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The operations that make `after` of `before`. */
function operationsBetween(before: JsonValue, after: JsonValue, path = ""): JsonValue[] {
  if (equal(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return [{ op: "replace", path, value: after }];
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return [
    ...gone.map((key) => ({ op: "remove", path: pointerTo(path, key) })),
    ...Object.entries(after).flatMap(([key, value]) =>
      Object.hasOwn(before, key)
        ? operationsBetween(before[key] ?? null, value, pointerTo(path, key))
        : [{ op: "add", path: pointerTo(path, key), value }],
    ),
  ];
}

test("a patch made from two documents leads from one to the other", () => {
  const document = fc.json({ maxDepth: 4 }).map((text): JsonValue => JSON.parse(text));
  fc.assert(
    fc.property(document, document, (before, after) => {
      expect(jsonPatch(before, operationsBetween(before, after))).toEqual(after);
    }),
  );
});

test("copies of copies that would fill the memory are refused", () => {
  const copies = Array.from({ length: 40 }, (_, i) => ({ op: "copy", from: "/a", path: `/a/c${i}` }));
  expect(() => jsonPatch({ a: { b: "x".repeat(1000) } }, copies)).toThrow(
    expect.objectContaining({ code: 413, message: expect.stringContaining("all copies together") }),
  );
});
