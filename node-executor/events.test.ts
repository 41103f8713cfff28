import { expect, it } from "@jest/globals";
import { allowance } from "./events.ts";

it("lets an instance have 25 events at once, then one in five minutes, and takes nothing from others", () => {
  let minutes = 0;
  const mayTell = allowance(() => new Date(minutes * 60_000));
  const times = (uid: string, count: number): number =>
    Array.from({ length: count }, () => mayTell(uid)).filter(Boolean).length;
  expect(times("a", 100)).toBe(25);
  expect(times("b", 1)).toBe(1);
  minutes = 5;
  expect(times("a", 10)).toBe(1);
  minutes = 24 * 60;
  expect(times("a", 100)).toBe(25);
});
