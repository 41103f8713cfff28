// Options in the query of a request: often none, and seldom one that is refused.
import fc from "fast-check";

export const managers = fc.constantFrom("one", "two");

export const maybe = (
  weight: number,
  query: Record<string, fc.Arbitrary<string>>,
): fc.Arbitrary<Record<string, string>> =>
  fc
    .record(query, { requiredKeys: [] })
    .map((value) => value as Record<string, string>)
    .chain((value) => fc.nat(9).map((drawn) => (drawn < weight ? value : {})));

/** The odd one out comes seldom: it is refused, and nothing else about the request is seen then. */
export const rarely = (good: string, bad: string, ...more: string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(good, ...more) }, { weight: 1, arbitrary: fc.constant(bad) });

export const writeQuery = maybe(4, {
  dryRun: rarely("All", "Some"),
  fieldManager: managers,
  fieldValidation: rarely("Strict", "Sloppy", "Warn", "Ignore"),
});
