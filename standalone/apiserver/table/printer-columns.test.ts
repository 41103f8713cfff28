import { expect, test } from "@jest/globals";
import type { KubernetesObject } from "../object.ts";
import type { PrinterColumn } from "../resource.ts";
import { printerColumns } from "./printer-columns.ts";

const object = {
  ...{ apiVersion: "v1", kind: "Thing" },
  metadata: { name: "a", creationTimestamp: "2030-01-01T00:00:00Z" },
  spec: { text: "x", count: 3.7, ratio: 0.5, isOn: false, list: [{ n: 1 }, { n: 2 }], inner: { a: 1 }, none: null },
} as unknown as KubernetesObject;
const now = new Date("2030-01-01T00:05:07Z");

test.each([
  { type: "string", jsonPath: ".spec.text", want: "x" },
  { type: "string", jsonPath: ".spec.count", want: "3.7" },
  { type: "string", jsonPath: ".spec.list[*].n", want: "1,2" },
  { type: "string", jsonPath: ".spec.inner", want: '{"a":1}' },
  { type: "string", jsonPath: ".spec.absent", want: null },
  { type: "string", jsonPath: ".spec.none", want: null },
  { type: "integer", jsonPath: ".spec.count", want: 3 },
  { type: "integer", jsonPath: ".spec.text", want: null },
  { type: "number", jsonPath: ".spec.ratio", want: 0.5 },
  { type: "boolean", jsonPath: ".spec.isOn", want: false },
  { type: "boolean", jsonPath: ".spec.text", want: null },
  { type: "date", jsonPath: ".metadata.creationTimestamp", want: "5m7s" },
] as const)("$type at $jsonPath is $want", ({ type, jsonPath, want }) => {
  const column: PrinterColumn = { name: "Column", type, jsonPath };
  expect(printerColumns([column]).cells(object, now)).toEqual(["a", want]);
});

test("without declared columns the age is shown", () => {
  const { columns, cells } = printerColumns([]);
  expect(columns.map(({ name }) => name)).toEqual(["Name", "Age"]);
  expect(cells(object, now)).toEqual(["a", "5m7s"]);
});
