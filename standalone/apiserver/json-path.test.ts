import { expect, test } from "@jest/globals";
import { compileJsonPath } from "./json-path.ts";

const object = {
  metadata: { name: "a", labels: { "example.com/size": "3", "a.b": "c" } },
  spec: { list: [{ x: 1 }, { x: 2 }], empty: null },
  status: {
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Paused", status: "False" },
    ],
  },
};

test.each([
  { path: ".metadata.name", want: ["a"] },
  { path: "{.metadata.name}", want: ["a"] },
  { path: ".metadata.absent.name", want: [] },
  { path: ".metadata.constructor", want: [] },
  { path: ".metadata.labels['example.com/size']", want: ["3"] },
  { path: ".metadata.labels.example\\.com/size", want: ["3"] },
  { path: '.metadata.labels["a.b"]', want: ["c"] },
  { path: ".spec.list[0].x", want: [1] },
  { path: ".spec.list[-1].x", want: [2] },
  { path: ".spec.list[5].x", want: [] },
  { path: ".spec.list[*].x", want: [1, 2] },
  { path: ".spec.empty", want: [null] },
  { path: ".status.conditions[?(@.type=='Ready')].status", want: ["True"] },
  { path: '.status.conditions[?(@.type == "Paused")].status', want: ["False"] },
  { path: ".status.conditions[?(@.type=='Other')].status", want: [] },
])("$path", ({ path, want }) => expect(compileJsonPath(path)(object)).toEqual(want));

test.each([".a[", ".a[?(@.b>1)]", ".a[1:2]", "..a"])("%s is refused", (path) =>
  expect(() => compileJsonPath(path)).toThrow(`JSON path ${JSON.stringify(path)} is not supported`),
);
