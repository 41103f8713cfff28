import { expect, it } from "@jest/globals";
import { allowance, eventRate } from "./allowance.ts";

it("lets each have so many at once, then one in so long, and takes nothing from others", () => {
  let minutes = 0;
  const wait = allowance(eventRate, () => minutes * 60_000);
  const times = (key: string, count: number): number =>
    Array.from({ length: count }, () => wait(key)).filter((milliseconds) => milliseconds === 0).length;
  expect(times("a", 100)).toBe(25);
  expect(times("b", 1)).toBe(1);
  expect(wait("a")).toBe(300_000);
  minutes = 2;
  expect(wait("a")).toBe(180_000);
  minutes = 5;
  expect(times("a", 10)).toBe(1);
  minutes = 24 * 60;
  expect(times("a", 100)).toBe(25);
});
