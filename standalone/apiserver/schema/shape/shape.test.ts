import { describe, expect, test } from "@jest/globals";
import { fc } from "../../../../test/support/property.ts";
import type { JsonValue, Schema } from "../schema.ts";
import { applyDefaults } from "./defaults.ts";
import { prune } from "./prune.ts";
import { unknownFields } from "./unknown-fields.ts";

const schema: Schema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      default: {},
      properties: {
        size: { type: "integer", default: 3 },
        policy: { type: "string", nullable: true, default: "Always" },
        plain: { type: "string" },
        inner: { type: "object", properties: { on: { type: "boolean", default: true } } },
        volumes: {
          type: "array",
          items: {
            type: "object",
            properties: { name: { type: "string" }, mode: { type: "string", default: "ro" } },
          },
        },
        labels: { type: "object", additionalProperties: { type: "string" } },
        free: {
          type: "object",
          "x-kubernetes-preserve-unknown-fields": true,
          properties: { known: { type: "object" } },
        },
        template: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          properties: { spec: { type: "object", properties: { a: { type: "string" } } } },
        },
      },
    },
  },
};

describe("applyDefaults", () => {
  test.each<{ when: string; given: JsonValue; want: JsonValue }>([
    { when: "an object is missing", given: {}, want: { spec: { size: 3, policy: "Always" } } },
    { when: "values are given", given: { spec: { size: 1, policy: "x" } }, want: { spec: { size: 1, policy: "x" } } },
    { when: "a null is not allowed", given: { spec: { size: null } }, want: { spec: { size: 3, policy: "Always" } } },
    { when: "a null is allowed", given: { spec: { policy: null } }, want: { spec: { size: 3, policy: null } } },
    {
      when: "a null has no default",
      given: { spec: { plain: null } },
      want: { spec: { size: 3, policy: "Always" } },
    },
    {
      when: "an optional object is there",
      given: { spec: { inner: {}, volumes: [{ name: "a" }] } },
      want: { spec: { inner: { on: true }, volumes: [{ name: "a", mode: "ro" }], size: 3, policy: "Always" } },
    },
    {
      when: "labels are null",
      given: { metadata: { labels: null, creationTimestamp: null }, spec: {} },
      want: { metadata: { creationTimestamp: null }, spec: { size: 3, policy: "Always" } },
    },
  ])("when $when", ({ given, want }) => expect(applyDefaults(schema, given)).toEqual(want));

  test("gives each object a copy of its own", () => {
    const first = applyDefaults(schema, {}) as { spec: object };
    const second = applyDefaults(schema, {}) as { spec: object };
    expect(first.spec).not.toBe(second.spec);
  });
});

describe("unknownFields", () => {
  test.each<{ value: JsonValue; want: string[] }>([
    { value: { spec: { foo: 1 } }, want: ["spec.foo"] },
    { value: { spec: { volumes: [{ name: "a", bar: 1 }] } }, want: ["spec.volumes[0].bar"] },
    {
      value: { spec: { template: { foo: 1, kind: "X", metadata: { foo: 1, name: "a" } } } },
      want: ["spec.template.foo", "spec.template.metadata.foo"],
    },
    {
      value: { metadata: { nam: "a", ownerReferences: [{ id: 1 }] } },
      want: ["metadata.nam", "metadata.ownerReferences[0].id"],
    },
    {
      value: { spec: { labels: { any: "x" }, free: { any: [{}], known: { bad: 1 } } } },
      want: ["spec.free.known.bad"],
    },
    { value: { apiVersion: "v1", kind: "X", extra: 1 }, want: ["extra"] },
    {
      value: JSON.parse('{"spec":{"constructor":1,"__proto__":{}}}') as JsonValue,
      want: ["spec.constructor", "spec.__proto__"],
    },
  ])("finds $want", ({ value, want }) => {
    expect(unknownFields(schema, value)).toEqual(want);
    expect(unknownFields(schema, prune(schema, value))).toEqual([]);
  });
});

/** Objects that often, but not always, use the names of the schema. */
const objects = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, 1, "a", true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        "spec",
        "size",
        "policy",
        "inner",
        "volumes",
        "name",
        "free",
        "known",
        "template",
        "metadata",
        "x",
      ),
      tie("value"),
      { maxKeys: 5 },
    ),
  ),
})).value;

describe("for every object", () => {
  test("defaults are idempotent", () =>
    fc.assert(
      fc.property(objects, (value) => {
        const once = applyDefaults(schema, value);
        expect(applyDefaults(schema, once)).toEqual(once);
      }),
    ));

  test("pruning leaves no unknown field, and all known ones", () =>
    fc.assert(
      fc.property(objects, (value) => {
        const pruned = prune(schema, value);
        expect(unknownFields(schema, pruned)).toEqual([]);
        if (unknownFields(schema, value).length === 0) expect(pruned).toEqual(value);
      }),
    ));

  test("neither changes what it was given", () =>
    fc.assert(
      fc.property(objects, (value) => {
        const before = structuredClone(value);
        applyDefaults(schema, value);
        prune(schema, value);
        expect(value).toEqual(before);
      }),
    ));
});
