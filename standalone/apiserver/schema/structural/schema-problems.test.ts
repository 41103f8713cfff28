import { expect, test } from "@jest/globals";
import type { Schema } from "../schema.ts";
import { schemaProblems } from "./schema-problems.ts";

const at = "openAPIV3Schema.properties[spec]";
const string: Schema = { type: "string" };

const problems = (spec: Schema): string[] =>
  schemaProblems({ type: "object", properties: { spec } }).map(({ field, message }) => `${field}: ${message}`);

const keyed = (items: Schema): Schema => ({
  type: "array",
  items,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
});

test.each<{ when: string; spec: Schema; want: string[] }>([
  { when: "all is well", spec: { type: "object", properties: { a: string } }, want: [] },
  {
    when: "a type is missing",
    spec: {},
    want: [`${at}.type: Required value: must not be empty for specified object fields`],
  },
  { when: "unknown fields are kept", spec: { "x-kubernetes-preserve-unknown-fields": true }, want: [] },
  {
    when: "an int-or-string is spelled out",
    spec: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] },
    want: [],
  },
  { when: "items are missing", spec: { type: "array" }, want: [`${at}.items: Required value: must be specified`] },
  {
    when: "items have no type",
    spec: { type: "array", items: {} },
    want: [`${at}.items.type: Required value: must not be empty for specified array items`],
  },
  {
    when: "fields and a map are mixed",
    spec: { type: "object", properties: { a: string }, additionalProperties: string },
    want: [`${at}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`],
  },
  {
    when: "additional properties are refused",
    spec: { type: "object", additionalProperties: false },
    want: [`${at}.additionalProperties: Forbidden: additionalProperties cannot be set to false`],
  },
  {
    when: "a reference is used",
    spec: { type: "object", $ref: "#/x" } as Schema,
    want: [`${at}.$ref: Forbidden: $ref is not supported`],
  },
  {
    when: "a branch gives a type",
    spec: { type: "string", anyOf: [{ type: "string" }] },
    want: [`${at}.anyOf[0].type: Forbidden: must be empty to be structural`],
  },
  {
    when: "a branch mentions a field that is not there",
    spec: { type: "object", properties: { a: string }, oneOf: [{ properties: { b: { minLength: 1 } } }] },
    want: [`${at}.properties[b]: Required value: because it is defined in ${at}.oneOf[0].properties[b]`],
  },
  {
    when: "a pattern is JavaScript's",
    spec: { type: "string", pattern: "^(?!a)" },
    want: [
      `${at}.pattern: Invalid value: "^(?!a)": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: \`(?!\``,
    ],
  },
  {
    when: "a list of type map has no keys",
    spec: { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "map" },
    want: [`${at}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`],
  },
  {
    when: "a key may be missing",
    spec: keyed({ type: "object", properties: { name: string } }),
    want: [
      `${at}.items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
  },
  {
    when: "keys are required",
    spec: keyed({ type: "object", required: ["name"], properties: { name: string } }),
    want: [],
  },
  {
    when: "a set holds granular objects",
    spec: { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "set" },
    want: [
      `${at}.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`,
    ],
  },
  {
    when: "a list type stands on an object",
    spec: { type: "object", "x-kubernetes-list-type": "set" },
    want: [`${at}.type: Invalid value: "object": must be array if x-kubernetes-list-type is specified`],
  },
  {
    when: "items are unique",
    spec: { type: "array", items: string, uniqueItems: true },
    want: [
      `${at}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ],
  },
  {
    when: "a default is not valid",
    spec: { type: "integer", default: "x" },
    want: [`${at}.default: Invalid value: "string": ${at}.default in body must be of type integer: "string"`],
  },
  {
    when: "a default has unknown fields",
    spec: { type: "object", properties: { a: string }, default: { b: 1 } },
    want: [`${at}.default.b: Invalid value: must be a known field`],
  },
  {
    when: "an embedded resource knows no fields",
    spec: { type: "object", "x-kubernetes-embedded-resource": true },
    want: [
      `${at}.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
    ],
  },
  {
    when: "a rule is empty",
    spec: { type: "string", "x-kubernetes-validations": [{ rule: " " }] },
    want: [`${at}.x-kubernetes-validations[0].rule: Required value: rule is not specified`],
  },
  {
    when: "a rule is no bool",
    spec: { type: "string", "x-kubernetes-validations": [{ rule: "self.size()" }] },
    want: [`${at}.x-kubernetes-validations[0].rule: Invalid value: "self.size()": must evaluate to a bool`],
  },
  {
    when: "a rule's reason is unknown",
    spec: { type: "string", "x-kubernetes-validations": [{ rule: "true", reason: "Because" }] },
    want: [
      `${at}.x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
    ],
  },
  {
    when: "a rule points nowhere",
    spec: {
      type: "object",
      properties: { a: string },
      "x-kubernetes-validations": [{ rule: "true", fieldPath: ".b" }],
    },
    want: [`${at}.x-kubernetes-validations[0].fieldPath: Invalid value: ".b": must be a valid path`],
  },
  {
    when: "a transition is asked of what has no identity",
    spec: {
      type: "array",
      "x-kubernetes-list-type": "atomic",
      items: { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf" }] },
    },
    want: [
      `${at}.items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema`,
    ],
  },
])("when $when", ({ spec, want }) => expect(problems(spec)).toEqual(want));

test.each(["self.a >", "nowhere == 1", "self.a.unheardOf()", "1 + 'a' == 2"])(
  "a rule that CEL does not understand is reported: %s",
  (rule) => {
    const spec: Schema = { type: "string", "x-kubernetes-validations": [{ rule }] };
    expect(problems(spec)).toEqual([expect.stringContaining("compilation failed")]);
  },
);

test.each<{ when: string; schema: Schema; want: string }>([
  { when: "the root is no object", schema: { type: "string" }, want: "must be object at the root" },
  {
    when: "the root is a map",
    schema: { type: "object", additionalProperties: true },
    want: "must not be used at the root",
  },
  {
    when: "metadata is specified",
    schema: {
      type: "object",
      properties: { metadata: { type: "object", properties: { labels: { type: "object" } } } },
    },
    want: "must not specify anything other than name and generateName, but metadata is implicitly specified",
  },
])("when $when", ({ schema, want }) =>
  expect(schemaProblems(schema).map(({ message }) => message)).toEqual([expect.stringContaining(want)]),
);

test("a root may restrict the name", () => {
  const name: Schema = { type: "string", maxLength: 63 };
  const schema: Schema = { type: "object", properties: { metadata: { type: "object", properties: { name } } } };
  expect(schemaProblems(schema)).toEqual([]);
});
