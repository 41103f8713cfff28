// The table of planted bugs follows the source.
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { withBug } from "./bug.ts";
import { bugs } from "./bugs/index.ts";

const root = `${import.meta.dirname}/../../..`;

test.each(bugs)("$name can be planted", (bug) => {
  const source = readFileSync(`${root}/${bug.file}`, "utf8");
  expect(withBug(source, bug)).not.toBe(source);
});

test("each has a name of its own", () => {
  const names = bugs.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("a text that is not there, or twice, is refused", () => {
  const bug = { name: "planted", file: "some.ts", find: "a", replace: "b", why: "" };
  expect(() => withBug("aa", bug)).toThrow("planted bug planted does not fit some.ts: its text occurs 2 times");
  expect(() => withBug("", bug)).toThrow("occurs 0 times, expected once");
});
