import { expect, test } from "@jest/globals";
import { mergedOrder } from "./list-order.ts";

test.each([
  { live: "abc", applied: "", want: "abc" },
  { live: "", applied: "ba", want: "ba" },
  { live: "abc", applied: "b", want: "abc" },
  { live: "abc", applied: "cba", want: "cba" },
  { live: "abcd", applied: "db", want: "acdb" },
  { live: "abc", applied: "xb", want: "axbc" },
  { live: "abc", applied: "bx", want: "abcx" },
  { live: "abc", applied: "bad", want: "bcad" },
  { live: "aab", applied: "ad", want: "adb" },
])("$live, with $applied applied, stands as $want", ({ live, applied, want }) => {
  const order = mergedOrder([...live], [...applied]);
  expect(order.map(({ side, index }) => (side === "live" ? live[index] : applied[index])).join("")).toBe(want);
});
