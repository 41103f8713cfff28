import { definitionsOf } from "./definitions.ts";
import { groupsOf } from "./groups.ts";

const definitions = definitionsOf({ launcher: { image: "launcher:1" } });

test("every function is in a group", () => {
  const names = groupsOf(definitions).flatMap((group) => group.definitions.map(({ name }) => name));
  expect(names.toSorted()).toEqual(definitions.map(({ name }) => name).toSorted());
});

test("a function without a group is named", () => {
  const [vm] = definitions;
  expect(() => groupsOf([...definitions, { ...(vm as (typeof definitions)[0]), name: "migration" }])).toThrow(
    "function migration is in no group",
  );
});

test("a group of a function that does not exist is refused", () =>
  expect(() => groupsOf(definitions.slice(1))).toThrow("function vm of functions/groups.ts does not exist"));
