import { expect, test } from "@jest/globals";
import type { Pod } from "@knvirt/kubernetes";
import { downwardEntries } from "./downward-files.ts";

const metadata = {
  ...{ name: "web", namespace: "shop", uid: "u-1" },
  labels: { b: "two", a: 'say "hi"' },
  annotations: { "example.com/note": "x" },
};
const pod = { metadata } as unknown as Pod;
const valueAt = (fieldPath: string): string | undefined =>
  downwardEntries(pod, "v", [{ path: "f", fieldRef: { fieldPath } }])
    .get(fieldPath)
    ?.toString();

test.each([
  { path: "metadata.name", want: "web" },
  { path: "metadata.namespace", want: "shop" },
  { path: "metadata.uid", want: "u-1" },
  { path: "metadata.labels", want: 'a="say \\"hi\\""\nb="two"' },
  { path: "metadata.labels['b']", want: "two" },
  { path: "metadata.annotations['example.com/note']", want: "x" },
  { path: "metadata.annotations['none']", want: "" },
])("$path is $want", ({ path, want }) => expect(valueAt(path)).toBe(want));

test("what a file cannot hold is refused", () =>
  expect(() => valueAt("status.podIP")).toThrow("volume v asks for status.podIP: expected name, namespace, uid"));
