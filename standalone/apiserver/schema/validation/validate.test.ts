import { describe, expect, test } from "@jest/globals";
import type { JsonValue, Schema } from "../schema.ts";
import { validate } from "./validate.ts";

const resource = (spec: Schema): Schema => ({ type: "object", properties: { spec } });

const found = (schema: Schema, value: JsonValue): string[] =>
  validate(resource(schema), { spec: value }).map(({ type, field, message }) => `${type} ${field}: ${message}`);

const invalid = (message: string, field = "spec"): string => `FieldValueInvalid ${field}: Invalid value: ${message}`;
const mistyped = (message: string, field = "spec"): string =>
  `FieldValueTypeInvalid ${field}: Invalid value: ${message}`;

const typed = (type: Schema["type"] & string, rest: Schema = {}): Schema => ({ ...rest, type });
const listOf = (items: Schema, rest: Schema = {}): Schema => ({ ...rest, type: "array", items });
const objectOf = (properties: Record<string, Schema>, rest: Schema = {}): Schema => ({
  ...rest,
  type: "object",
  properties,
});

const named = listOf(objectOf({ name: typed("string"), port: typed("integer") }), {
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
});

test.each<{ when: string; schema: Schema; value: JsonValue; want: string[] }>([
  { when: "a type fits", schema: typed("integer"), value: 1, want: [] },
  {
    when: "a string stands for an integer",
    schema: typed("integer"),
    value: "1",
    want: [mistyped('"string": spec in body must be of type integer: "string"')],
  },
  {
    when: "a fraction stands for an integer",
    schema: typed("integer"),
    value: 1.5,
    want: [mistyped('"number": spec in body must be of type integer: "number"')],
  },
  { when: "an integer stands for a number", schema: typed("number"), value: 1, want: [] },
  {
    when: "a null is not allowed",
    schema: typed("string"),
    value: null,
    want: [mistyped('"null": spec in body must be of type string: "null"')],
  },
  { when: "a null is allowed", schema: typed("string", { nullable: true, minLength: 1 }), value: null, want: [] },
  {
    when: "an object stands for a list",
    schema: listOf({}),
    value: {},
    want: [mistyped('"object": spec in body must be of type array: "object"')],
  },
  { when: "an int-or-string is an integer", schema: { "x-kubernetes-int-or-string": true }, value: 1, want: [] },
  { when: "an int-or-string is a string", schema: { "x-kubernetes-int-or-string": true }, value: "1", want: [] },
  {
    when: "an int-or-string is neither",
    schema: { "x-kubernetes-int-or-string": true },
    value: true,
    want: [mistyped('"boolean": spec in body must be of type integer,string: "boolean"')],
  },
  {
    when: "a quantity is malformed",
    schema: { "x-kubernetes-int-or-string": true, pattern: "^[0-9]+(Ki|Mi|Gi)?$" },
    value: "1GB",
    want: [invalid(`"1GB": spec in body should match '^[0-9]+(Ki|Mi|Gi)?$'`)],
  },
  {
    when: "a value is not among the supported ones",
    schema: typed("string", { enum: ["Always", "Halted"] }),
    value: "X",
    want: ['FieldValueNotSupported spec: Unsupported value: "X": supported values: "Always", "Halted"'],
  },
  {
    when: "a number is not among the supported ones",
    schema: typed("integer", { enum: [1, 2] }),
    value: 3,
    want: ['FieldValueNotSupported spec: Unsupported value: 3: supported values: "1", "2"'],
  },
  {
    when: "a required field is missing",
    schema: objectOf({ size: typed("string") }, { required: ["size"] }),
    value: {},
    want: ["FieldValueRequired spec.size: Required value"],
  },
  {
    when: "a number is too small",
    schema: typed("integer", { minimum: 1 }),
    value: 0,
    want: [invalid("0: spec in body should be greater than or equal to 1")],
  },
  {
    when: "a number is too large",
    schema: typed("integer", { maximum: 10 }),
    value: 11,
    want: [invalid("11: spec in body should be less than or equal to 10")],
  },
  {
    when: "a number reaches an exclusive bound",
    schema: typed("number", { minimum: 1, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true }),
    value: 1,
    want: [invalid("1: spec in body should be greater than 1"), invalid("1: spec in body should be less than 1")],
  },
  {
    when: "a number is off the steps",
    schema: typed("number", { multipleOf: 0.1 }),
    value: 0.25,
    want: [invalid("0.25: spec in body should be a multiple of 0.1")],
  },
  { when: "a number is on the steps", schema: typed("number", { multipleOf: 0.1 }), value: 0.3, want: [] },
  {
    when: "an int32 is too wide",
    schema: typed("integer", { format: "int32" }),
    value: 2 ** 31,
    want: [invalid("2147483648: Checked value must be of type integer with format int32 in spec")],
  },
  { when: "an int64 is not", schema: typed("integer", { format: "int64" }), value: 2 ** 40, want: [] },
  {
    when: "a string is too long",
    schema: typed("string", { maxLength: 3 }),
    value: "abcd",
    want: ["FieldValueTooLong spec: Too long: may not be more than 3 bytes"],
  },
  { when: "its characters are wide, but few", schema: typed("string", { maxLength: 3 }), value: "😀😀😀", want: [] },
  {
    when: "a string is too short",
    schema: typed("string", { minLength: 1 }),
    value: "",
    want: [invalid('"": spec in body should be at least 1 chars long')],
  },
  {
    when: "a pattern does not match",
    schema: typed("string", { pattern: "^[[:lower:]]+$" }),
    value: "A",
    want: [invalid(`"A": spec in body should match '^[[:lower:]]+$'`)],
  },
  {
    when: "there are too few items",
    schema: listOf(typed("string"), { minItems: 2 }),
    value: ["a"],
    want: [invalid("1: spec in body should have at least 2 items")],
  },
  {
    when: "there are too many items",
    schema: listOf(typed("string"), { maxItems: 1 }),
    value: ["a", "b"],
    want: ["FieldValueTooMany spec: Too many: 2: must have at most 1 item"],
  },
  {
    when: "items are wrong",
    schema: listOf(objectOf({ n: typed("integer") })),
    value: [{ n: 1 }, { n: "x" }],
    want: [mistyped('"string": spec[1].n in body must be of type integer: "string"', "spec[1].n")],
  },
  {
    when: "there are too many properties",
    schema: typed("object", { additionalProperties: typed("string"), maxProperties: 1 }),
    value: { a: "1", b: "2" },
    want: ["FieldValueTooMany spec: Too many: 2: must have at most 1 item"],
  },
  {
    when: "there are too few properties",
    schema: typed("object", { additionalProperties: typed("string"), minProperties: 1 }),
    value: {},
    want: [invalid("0: spec in body should have at least 1 properties")],
  },
  {
    when: "the value of a map is wrong",
    schema: typed("object", { additionalProperties: typed("string") }),
    value: { a: 1 },
    want: [mistyped('"integer": spec.a in body must be of type string: "integer"', "spec.a")],
  },
  {
    when: "a set repeats itself",
    schema: listOf(typed("string"), { "x-kubernetes-list-type": "set" }),
    value: ["a", "b", "a", "a"],
    want: ['FieldValueDuplicate spec[2]: Duplicate value: "a"'],
  },
  {
    when: "keys of a list of type map repeat",
    schema: named,
    value: [
      { name: "a", port: 1 },
      { name: "b", port: 1 },
      { name: "a", port: 2 },
    ],
    want: ['FieldValueDuplicate spec[2]: Duplicate value: {"name":"a"}'],
  },
  {
    when: "none of anyOf fits",
    schema: typed("integer", { anyOf: [{ minimum: 10 }, { maximum: 1 }] }),
    value: 5,
    want: [
      invalid('"": "spec" must validate at least one schema (anyOf)'),
      invalid("5: spec in body should be greater than or equal to 10"),
    ],
  },
  {
    when: "none of oneOf fits",
    schema: objectOf({ a: {}, b: {} }, { oneOf: [{ required: ["a"] }, { required: ["b"] }] }),
    value: {},
    want: [
      invalid('"": "spec" must validate one and only one schema (oneOf). Found none valid'),
      "FieldValueRequired spec.a: Required value",
    ],
  },
  {
    when: "two of oneOf fit",
    schema: objectOf({ a: {}, b: {} }, { oneOf: [{ required: ["a"] }, { required: ["b"] }] }),
    value: { a: 1, b: 1 },
    want: [invalid('"": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives')],
  },
  {
    when: "one of allOf does not fit",
    schema: typed("integer", { allOf: [{ minimum: 1 }, { maximum: 3 }] }),
    value: 5,
    want: [
      invalid("5: spec in body should be less than or equal to 3"),
      invalid('"": "spec" must validate all the schemas (allOf)'),
    ],
  },
  {
    when: "not fits",
    schema: typed("string", { not: { enum: ["x"] } }),
    value: "x",
    want: [invalid('"": "spec" must not validate the schema (not)')],
  },
])("when $when", ({ schema, value, want }) => expect(found(schema, value)).toEqual(want));

describe("formats", () => {
  test.each<[string, string[], string[]]>([
    ["date-time", ["2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123+02:00"], ["2024-02-30T00:00:00Z", "2024-01-01"]],
    ["date", ["2024-02-29"], ["2023-02-29", "2024-1-1"]],
    ["byte", ["", "aGk="], ["aGk", "a b="]],
    ["uuid", ["123e4567-E89b-12d3-a456-426614174000"], ["123e4567"]],
    ["duration", ["1h30m", "0", "5 s", "1.5h"], ["1y", ""]],
    ["ipv4", ["10.0.0.1"], ["10.0.0.256", "::1"]],
    ["ipv6", ["::1"], ["10.0.0.1"]],
    ["cidr", ["10.0.0.0/8", "::/0"], ["10.0.0.0", "10.0.0.0/33"]],
    ["mac", ["02:00:00:aa:bb:cc", "02-00-00-aa-bb-cc"], ["02:00:00", "02:00:00-aa-bb-cc"]],
    ["hostname", ["a.example.com"], ["a_b", "-a"]],
    ["email", ["a@example.com"], ["a"]],
    ["uri", ["https://a/b", "/path"], ["a b"]],
    ["unheard-of", ["anything"], []],
  ])("%s", (format, good, bad) => {
    const schema = typed("string", { format });
    expect(good.flatMap((value) => found(schema, value))).toEqual([]);
    const wanted = bad.map((value) =>
      mistyped(`${JSON.stringify(value)}: spec in body must be of type ${format}: ${JSON.stringify(value)}`),
    );
    expect(bad.flatMap((value) => found(schema, value))).toEqual(wanted);
  });
});

describe("whole objects", () => {
  test("have their metadata validated", () =>
    expect(validate({ type: "object" }, { metadata: { labels: { a: 1 }, creationTimestamp: null } })).toEqual([
      {
        type: "FieldValueTypeInvalid",
        field: "metadata.labels.a",
        message: 'Invalid value: "integer": metadata.labels.a in body must be of type string: "integer"',
      },
    ]));

  test("are refused when nested too deeply", () => {
    const deep = Array.from({ length: 100_000 }).reduce<JsonValue>((inner) => ({ inner }), 1);
    expect(found({}, deep)).toEqual([
      "FieldValueInvalid <nil>: Invalid value: must not be nested deeper than 200 levels",
    ]);
  });

  test("may have fields named like those of JavaScript objects", () => {
    const hostile = JSON.parse('{"spec":{"__proto__":{"a":1},"constructor":1}}') as JsonValue;
    expect(validate(resource(objectOf({})), hostile)).toEqual([]);
  });
});
