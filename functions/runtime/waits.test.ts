import { expect, test } from "@jest/globals";
import { at } from "../testing/builders.ts";
import { secondsUntil } from "./waits.ts";

test.each([
  { when: "it is to come", time: "12:00:30", want: 30 },
  { when: "it is as far off as any", time: "12:01:00", want: 60 },
  { when: "it is further off than any", time: "12:01:01", want: 0 },
  { when: "it is now", time: "12:00:00", want: 0 },
  { when: "it is over", time: "11:59:59", want: 0 },
])("$want seconds are left when $when", ({ time, want }) =>
  expect(secondsUntil(at(time).getTime(), at("12:00:00"), 60)).toBe(want),
);

test("none are left when nobody said until when", () => expect(secondsUntil(Number.NaN, at("12:00:00"), 60)).toBe(0));
