// What of YAML is read, and what is refused.
import { expect, test } from "@jest/globals";
import { parseYaml } from "./yaml.ts";

test.each([
  { when: "block style", text: "a: 1\nb: [x, 'y']\n", want: { a: 1, b: ["x", "y"] } },
  { when: "flow style", text: "{a: 1}", want: { a: 1 } },
  { when: "JSON", text: '{"a": "1"}', want: { a: "1" } },
  { when: "an alias", text: "a: &x {b: 1}\nc: *x", want: { a: { b: 1 }, c: { b: 1 } } },
])("$when is read", ({ text, want }) => expect(parseYaml(text)).toEqual(want));

test.each([
  { when: "a key that is there twice", text: "a:\n  b: 1\n  b: 2", want: 'key "b" is there twice' },
  { when: "two documents", text: "a: 1\n---\nb: 2", want: "multiple documents" },
  { when: "an open bracket", text: "a: [", want: "line 1" },
])("$when is refused", ({ text, want }) => expect(() => parseYaml(text)).toThrow(want));

test("aliases of aliases are not followed without end", () => {
  const lines = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
  expect(() => parseYaml(["a0: &a0 x", ...lines].join("\n"))).toThrow("Excessive alias count");
});

test("many keys are read in one go: none is compared with all others", () => {
  const text = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join("\n");
  expect(Object.keys(parseYaml(text) as object)).toHaveLength(30_000);
}, 20_000);
