import { expect, test } from "@jest/globals";
import { compilePattern } from "./patterns.ts";

test.each<{ pattern: string; matches: string; not: string }>([
  { pattern: "(?i)^abc$", matches: "aBc", not: "abd" },
  { pattern: "^[[:alpha:]_]+$", matches: "a_B", not: "a1" },
  { pattern: "\\A\\d+\\z", matches: "12", not: "12a" },
  { pattern: "^(?P<name>a)$", matches: "a", not: "b" },
  { pattern: "^\\pL+$", matches: "é", not: "1" },
  { pattern: "^a\\-b$", matches: "a-b", not: "ab" },
])("$pattern is read as RE2", ({ pattern, matches, not }) => {
  const compiled = compilePattern(pattern) as RegExp;
  expect([compiled.test(matches), compiled.test(not)]).toEqual([true, false]);
});

test.each(["^(?!a)", "(?<=a)b", "(a)\\1", "[a", "a**"])("%s is refused, as RE2 would", (pattern) =>
  expect(compilePattern(pattern)).toEqual(expect.stringContaining("error parsing regexp")),
);
