import { expect, it, test } from "@jest/globals";
import { ApiError } from "./errors.ts";
import { failures } from "./failures.ts";

const notFound = new ApiError(404, { reason: "NotFound", message: "no such kind" });
const refused = new Error("connect ECONNREFUSED");
const times = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

test.each([
  { when: "a failure lasts", error: refused, tries: 8, want: [100, 200, 400, 800, 1600, 3200, 5000, 5000] },
  { when: "a kind is not there yet", error: notFound, tries: 30, want: Array(30).fill(100) },
])("pauses grow as $when", ({ error, tries, want }) => {
  const failed = failures();
  expect(times(tries, () => failed.pauseAfter(error))).toEqual(want);
});

it("asks less and less often for a kind that stays away", () => {
  const failed = failures();
  times(30, () => failed.pauseAfter(notFound));
  expect(times(7, () => failed.pauseAfter(notFound))).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
});

it("waits after what is ordinary once only when it comes again", () => {
  const failed = failures();
  expect(times(4, () => failed.pauseUntold())).toEqual([0, 100, 200, 400]);
  failed.forget();
  expect(failed.pauseUntold()).toBe(0);
});

it("tells of a failure once, until another or a success came between", () => {
  const told: unknown[] = [];
  const failed = failures((error) => told.push(error));
  for (const error of [notFound, notFound, refused, refused, notFound]) failed.pauseAfter(error);
  failed.forget();
  failed.pauseAfter(notFound);
  expect(told).toEqual([notFound, refused, notFound, notFound]);
});
