import { describe, expect, test } from "@jest/globals";
import { fc } from "../../../../test/support/property.ts";
import type { JsonValue } from "../../schema/schema.ts";
import { PatchError } from "../errors.ts";
import {
  difference,
  type FieldSet,
  fieldSetWith,
  has,
  intersection,
  isEmpty,
  type Path,
  paths,
  sameFields,
  union,
} from "./field-set.ts";
import { decodeFields, encodeFields } from "./fields-v1.ts";

const sets: { when: string; fields: JsonValue; want: Path[] }[] = [
  { when: "nothing", fields: {}, want: [] },
  { when: "a leaf", fields: { "f:spec": { "f:replicas": {} } }, want: [["f:spec", "f:replicas"]] },
  {
    when: "a field and what is below it",
    fields: { "f:labels": { ".": {}, "f:app": {} } },
    want: [["f:labels"], ["f:labels", "f:app"]],
  },
  {
    when: "items by key, by value and by index",
    fields: { 'k:{"name":"a"}': {}, "v:1": {}, 'v:"x"': {}, "i:0": {} },
    want: [['k:{"name":"a"}'], ["v:1"], ['v:"x"'], ["i:0"]],
  },
  { when: "a field whose name has a colon", fields: { "f:a:b": {} }, want: [["f:a:b"]] },
];

test.each(sets)("fieldsV1 of $when is read and written", ({ fields, want }) => {
  expect(paths(decodeFields(fields))).toEqual(want);
  expect(JSON.stringify(encodeFields(fieldSetWith(...want)))).toBe(JSON.stringify(fields));
});

test("elements are sorted as in Kubernetes: fields, keys, values, indices", () => {
  const set = fieldSetWith(
    ["i:10"],
    ["i:2"],
    ["v:true"],
    ['v:"a"'],
    ["v:10"],
    ["v:9"],
    ['k:{"name":"a-b"}'],
    ['k:{"name":"a"}'],
    ['k:{"name":"a","port":1}'],
    ["f:z"],
    ["f:a"],
  );
  expect(Object.keys(encodeFields(set))).toEqual([
    "f:a",
    "f:z",
    'k:{"name":"a"}',
    'k:{"name":"a","port":1}',
    'k:{"name":"a-b"}',
    "v:9",
    "v:10",
    'v:"a"',
    "v:true",
    "i:2",
    "i:10",
  ]);
});

test.each<{ when: string; fields: JsonValue; want: Path[] }>([
  { when: "other spacing and key order", fields: { 'k:{ "b": 1, "a": 2 }': {} }, want: [['k:{"a":2,"b":1}']] },
  { when: "Go's escapes", fields: { 'v:"\\u003ca\\u003e"': {} }, want: [['v:"\\u003ca\\u003e"']] },
  { when: "no escapes", fields: { 'v:"<a>"': {} }, want: [['v:"\\u003ca\\u003e"']] },
  { when: "an unknown kind of element", fields: { "x:1": { "f:a": {} }, "f:b": {} }, want: [["f:b"]] },
])("fieldsV1 is read with $when", ({ fields, want }) => expect(paths(decodeFields(fields))).toEqual(want));

test.each<{ when: string; fields: JsonValue }>([
  { when: "no object", fields: [] },
  { when: "a leaf that is no object", fields: { "f:a": null } },
  { when: "an element without a kind", fields: { spec: {} } },
  { when: "a key that is no JSON", fields: { "k:{name}": {} } },
  { when: "a key that is no object", fields: { "k:1": {} } },
  { when: "an index that is no number", fields: { "i:x": {} } },
])("fieldsV1 is refused: $when", ({ fields }) => expect(() => decodeFields(fields)).toThrow(PatchError));

const element = fc.constantFrom("f:a", "f:b", 'k:{"n":"a"}', 'k:{"n":"b","p":1}', "v:1", 'v:"x<"', "i:0");
const canonical = (path: string[]): Path => paths(decodeFields(nested(path)))[0] ?? [];
const nested = ([first, ...rest]: string[]): JsonValue => (first === undefined ? {} : { [first]: nested(rest) });
const anySet: fc.Arbitrary<FieldSet> = fc
  .array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
  .map((all) => fieldSetWith(...all.map(canonical)));

describe("for all sets", () => {
  test("what is written is read back", () => {
    fc.assert(fc.property(anySet, (set) => expect(sameFields(decodeFields(encodeFields(set)), set)).toBe(true)));
  });

  test("the operations are those of sets of paths", () => {
    const names = (set: FieldSet): Set<string> => new Set(paths(set).map((path) => path.join("\n")));
    fc.assert(
      fc.property(anySet, anySet, (left, right) => {
        const [a, b] = [names(left), names(right)];
        expect(names(union(left, right))).toEqual(new Set([...a, ...b]));
        expect(names(intersection(left, right))).toEqual(new Set([...a].filter((name) => b.has(name))));
        expect(names(difference(left, right))).toEqual(new Set([...a].filter((name) => !b.has(name))));
        expect(isEmpty(difference(left, left))).toBe(true);
        expect(paths(left).every((path) => has(left, path))).toBe(true);
      }),
    );
  });
});
