import { expect, test } from "@jest/globals";
import { isDue, type Try, tried } from "./tries.ts";

const outcome = (digest: string, failure?: string) => ({ digest, atMs: 0, failure });

test.each<{ when: string; given: ReturnType<typeof outcome>[]; want: number }>([
  { when: "it was taken", given: [outcome("a")], want: 300_000 },
  { when: "it failed", given: [outcome("a", "no user")], want: 15_000 },
  { when: "it failed three times", given: Array(3).fill(outcome("a", "no user")), want: 60_000 },
  { when: "it failed many times", given: Array(30).fill(outcome("a", "no user")), want: 300_000 },
  {
    when: "it changed since it failed",
    given: [outcome("a", "x"), outcome("a", "x"), outcome("b", "x")],
    want: 15_000,
  },
  { when: "it failed after it was taken", given: [outcome("a"), outcome("a", "x")], want: 15_000 },
])("is brought again after $want ms when $when", ({ given, want }) => {
  const last = given.reduce<Try | undefined>(tried, undefined) as Try;
  const { digest } = given.at(-1) ?? outcome("");
  expect(last.pauseMs).toBe(want);
  expect([isDue(last, digest, want - 1), isDue(last, digest, want), isDue(last, "other", 0)]).toEqual([
    false,
    true,
    true,
  ]);
});
