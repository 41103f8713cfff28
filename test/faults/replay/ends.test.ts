import { regressions } from "../../simulation/seeds/named-plans.ts";
import { ends, endsOf, notPlayed } from "./ends.ts";
import { namesIn } from "./parts.ts";

const named = regressions();

test.each(named)("$name says where it ends, or why it is not played", ({ name, plan }) => {
  if (Object.hasOwn(notPlayed, name)) expect(ends).not.toHaveProperty([name]);
  else expect(Object.keys(endsOf(name)).toSorted()).toEqual(namesIn(plan).toSorted());
});

test("each row is that of a regression", () => {
  const names = named.map(({ name }) => name);
  expect([...Object.keys(ends), ...Object.keys(notPlayed)].filter((row) => !names.includes(row))).toEqual([]);
});

test("a regression without a row is named", () => {
  expect(() => endsOf("new-one")).toThrow("regression new-one has no row in test/faults/replay/ends.ts");
});
