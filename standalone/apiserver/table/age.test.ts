import { expect, test } from "@jest/globals";
import { ageText, durationText } from "./age.ts";

const [minute, hour, day, year] = [60, 3600, 86_400, 365 * 86_400];

test.each([
  { seconds: 0, want: "0s" },
  { seconds: 119.9, want: "119s" },
  { seconds: 2 * minute, want: "2m" },
  { seconds: 5 * minute + 7, want: "5m7s" },
  { seconds: 10 * minute, want: "10m" },
  { seconds: 3 * hour, want: "3h" },
  { seconds: 3 * hour + 5 * minute, want: "3h5m" },
  { seconds: 8 * hour + 5 * minute, want: "8h" },
  { seconds: 47 * hour, want: "47h" },
  { seconds: 3 * day + 4 * hour, want: "3d4h" },
  { seconds: 30 * day, want: "30d" },
  { seconds: 2 * year + 5 * day, want: "2y5d" },
  { seconds: 9 * year, want: "9y" },
  { seconds: -5, want: "<invalid>" },
])("$seconds s is $want", ({ seconds, want }) => expect(durationText(seconds)).toBe(want));

test("an age without a beginning is unknown", () => {
  const now = new Date("2030-01-01T00:01:00Z");
  expect(ageText("2030-01-01T00:00:00Z", now)).toBe("60s");
  expect(ageText(undefined, now)).toBe("<unknown>");
  expect(ageText("once", now)).toBe("<unknown>");
});
