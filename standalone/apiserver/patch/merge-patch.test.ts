import { expect, test } from "@jest/globals";
import { fc } from "../../../test/support/property.ts";
import type { JsonValue } from "../schema/schema.ts";
import { isObject, type JsonObject } from "./json.ts";
import { mergePatch } from "./merge-patch.ts";

test.each<{ when: string; document: JsonValue; patch: JsonValue; want: JsonValue }>([
  { when: "a member is replaced", document: { a: "b" }, patch: { a: "c" }, want: { a: "c" } },
  { when: "a member is added", document: { a: "b" }, patch: { b: "c" }, want: { a: "b", b: "c" } },
  { when: "null removes", document: { a: "b", b: 1 }, patch: { a: null, c: null }, want: { b: 1 } },
  { when: "objects merge", document: { a: { b: 1, c: 2 } }, patch: { a: { b: 3, c: null } }, want: { a: { b: 3 } } },
  { when: "arrays are replaced", document: { a: [1, 2] }, patch: { a: [3] }, want: { a: [3] } },
  { when: "an object replaces a scalar", document: { a: 1 }, patch: { a: { b: null, c: 1 } }, want: { a: { c: 1 } } },
  { when: "a patch that is no object replaces all", document: { a: 1 }, patch: ["c"], want: ["c"] },
  { when: "nulls in arrays stay", document: {}, patch: { a: [null] }, want: { a: [null] } },
  {
    when: "inherited names are members like any other",
    document: {},
    patch: { toString: { a: 1 } } as JsonValue,
    want: { toString: { a: 1 } } as JsonValue,
  },
])("$when", ({ document, patch, want }) => expect(mergePatch(document, patch)).toEqual(want));

test("a member called __proto__ is only a member", () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));
  expect(Object.keys(merged as object)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

function patchBetween(before: JsonObject, after: JsonObject): JsonObject {
  const removed = Object.keys(before).map((key): [string, JsonValue] => [key, null]);
  const set = Object.entries(after).map(([key, value]): [string, JsonValue] => {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    return [key, isObject(old) && isObject(value) ? patchBetween(old, value) : value];
  });
  return Object.fromEntries([...removed, ...set]);
}

test("a patch made from two documents leads from one to the other", () => {
  // A merge patch cannot express null, so the documents have none.
  const leaf = fc.oneof(fc.boolean(), fc.integer(), fc.string());
  const { tree } = fc.letrec<{ tree: JsonObject; value: JsonValue }>((tie) => ({
    tree: fc.dictionary(fc.string({ maxLength: 2 }), tie("value"), { noNullPrototype: true, maxKeys: 5 }),
    value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf, { maxLength: 3 }), tie("tree")),
  }));
  fc.assert(
    fc.property(tree, tree, (before, after) => {
      expect(mergePatch(before, patchBetween(before, after))).toEqual(after);
    }),
  );
});
