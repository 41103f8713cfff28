import { expect, test } from "@jest/globals";
import type { JsonObject } from "../json.ts";
import { deploymentSchema } from "../test-schema.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { encodeFields } from "./fields-v1.ts";

test.each<{ when: string; spec: object; want: object }>([
  { when: "a scalar", spec: { replicas: 1 }, want: { "f:replicas": {} } },
  { when: "a null", spec: { replicas: null, strategy: null }, want: { "f:replicas": {}, "f:strategy": {} } },
  { when: "an object by its fields", spec: { strategy: { type: "A" } }, want: { "f:strategy": { "f:type": {} } } },
  { when: "an empty object", spec: { strategy: {} }, want: { "f:strategy": {} } },
  { when: "an atomic object as a whole", spec: { selector: { app: "x" } }, want: { "f:selector": {} } },
  {
    when: "a map by its keys",
    spec: { limits: { cpu: 1, memory: "1Gi" } },
    want: { "f:limits": { "f:cpu": {}, "f:memory": {} } },
  },
  { when: "a set by its values", spec: { zones: ["b", "a"] }, want: { "f:zones": { 'v:"a"': {}, 'v:"b"': {} } } },
  { when: "an empty list not at all", spec: { zones: [] }, want: undefined as unknown as object },
  {
    when: "a list by its items' keys",
    spec: { containers: [{ name: "web", args: ["a", "b"] }] },
    want: { "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:args": {}, "f:name": {} } } },
  },
  {
    when: "a key left out with its default",
    spec: { containers: [{ name: "web", ports: [{ port: 80 }] }] },
    want: {
      "f:containers": {
        'k:{"name":"web"}': {
          ".": {},
          "f:name": {},
          "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } },
        },
      },
    },
  },
  {
    when: "what has no schema by its keys, lists as a whole",
    spec: { extra: { a: { b: [1, { c: 2 }] } } },
    want: { "f:extra": { "f:a": { ".": {}, "f:b": {} } } },
  },
  {
    when: "items that cannot be told apart as one",
    spec: { zones: ["a", "a"] },
    want: { "f:zones": { 'v:"a"': {} } },
  },
  {
    when: "an embedded resource with the types of metadata",
    spec: { template: { metadata: { finalizers: ["a"], labels: { app: "web" } } } },
    want: { "f:template": { "f:metadata": { "f:finalizers": { 'v:"a"': {} }, "f:labels": { "f:app": {} } } } },
  },
])("a set has $when", ({ spec, want }) => {
  const fields = encodeFields(fieldSetOf(deploymentSchema, { spec } as JsonObject));
  expect(fields).toEqual(want ? { "f:spec": want } : {});
});
