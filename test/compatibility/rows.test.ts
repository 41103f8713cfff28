// What a row must be, and that the specs it names exist.
import { join } from "node:path";
import { hasTitle, parseRow, parseRows, problemsOf, type Row, specsIn } from "./rows.ts";

test("a line is a row", () =>
  expect(parseRow('VM-01 | core | strategy | yes | a.spec.ts "x"; b.spec.ts "y"')).toEqual({
    id: "VM-01",
    rank: "core",
    what: "strategy",
    answer: "yes",
    why: 'a.spec.ts "x"; b.spec.ts "y"',
  }));

test("empty lines are none", () => expect(parseRows("\n\n")).toEqual([]));

test.each([
  { when: "no id", line: "core | strategy | yes | x", want: "row has no id" },
  { when: "no rank", line: "H1 | C | ports | yes | x", want: "row H1 has no rank: found C" },
  { when: "no answer", line: "H1 | core | ports | |", want: "row H1 has no answer: found none" },
  { when: "another answer", line: "H1 | core | ports | perhaps | x", want: "row H1 has no answer: found perhaps" },
  { when: "no reason", line: "H1 | core | ports | different |", want: "row H1 says too little" },
])("a line with $when is refused", ({ line, want }) => expect(() => parseRow(line)).toThrow(want));

test("specs are read from a reason", () =>
  expect(specsIn('as upstream: a/b.spec.ts "one"; c.test.ts "two", "three"')).toEqual([
    { file: "a/b.spec.ts", titles: ["one"] },
    { file: "c.test.ts", titles: ["two", "three"] },
  ]));

const here = "test/compatibility/rows.test.ts";
const row = (given: Partial<Row>): Row => ({
  id: "H1",
  rank: "core",
  what: "ports",
  answer: "yes",
  why: `${here} "a line is a row"`,
  ...given,
});

test.each([
  { when: "a spec that exists", given: row({}), want: [] },
  { when: "yes without a spec", given: row({ why: "it works" }), want: ["row H1 is yes without a spec"] },
  { when: "different without a spec", given: row({ answer: "different", why: "it is better" }), want: [] },
  {
    when: "a title that is not there",
    given: row({ why: `${here} "a line is a ${"column"}"` }),
    want: [`row H1 names a spec that is not in ${here}`],
  },
  {
    when: "a file that is not there, in a reason",
    given: row({ answer: "different", why: 'see test/none.spec.ts "x"' }),
    want: ["row H1 names a file that is not there: found test/none.spec.ts"],
  },
])("a row with $when", ({ given, want }) =>
  expect(problemsOf(given, join(import.meta.dirname, "..", ".."))).toEqual(
    want.map((problem) => expect.stringContaining(problem)),
  ),
);

const table =
  'import { cases } from "./cases.ts";\ntest.each(cases)("$name is as it was", run); it("boots twice", run);';
const cases = 'export const cases = [{ name: "minimal" }];';

test.each([
  { title: "boots twice", want: true },
  { title: "boots", want: false },
  { title: "minimal is as it was", want: true },
  { title: "maximal is as it was", want: false },
  { title: "minimal", want: false },
  { title: "$name is as it was", want: false },
])("a file with a table of cases has the title $title: $want", ({ title, want }) =>
  expect(hasTitle([table, cases], title)).toBe(want),
);
