import { fc } from "../test/support/property.ts";
import { formatBytes, formatMilli, parseMilli, parseQuantity } from "./quantity.ts";

test.each([
  { given: "64Mi", want: 67108864 },
  { given: "1Gi", want: 1073741824 },
  { given: "1.5Gi", want: 1610612736 },
  { given: "100M", want: 100_000_000 },
  { given: "1e3", want: 1000 },
  { given: "12E", want: 12e18 },
  { given: "250m", want: 1 },
  { given: "0", want: 0 },
  { given: 64, want: 64 },
  { given: "-5", want: -5 },
])("$given is $want units", ({ given, want }) => expect(parseQuantity(given)).toBe(want));

test.each([
  { given: "100m", want: 100n },
  { given: "2", want: 2000n },
  { given: "0.5", want: 500n },
  { given: ".5", want: 500n },
  { given: "5.", want: 5000n },
  { given: "1u", want: 1n },
])("$given is $want thousandths", ({ given, want }) => expect(parseMilli(given)).toBe(want));

test.each(["", ".", "Mi", "1 Mi", "1mi", "0x10", "1e999", "--1", "NaN"])("%j is no quantity", (given) =>
  expect(() => parseMilli(given)).toThrow("quantity"),
);

test("bytes keep their value through their text", () => {
  fc.assert(fc.property(fc.nat({ max: 2 ** 40 }), (bytes) => expect(parseQuantity(formatBytes(bytes))).toBe(bytes)));
});

test("thousandths keep their value through their text", () => {
  fc.assert(fc.property(fc.nat(), (milli) => expect(parseMilli(formatMilli(milli))).toBe(BigInt(milli))));
});
