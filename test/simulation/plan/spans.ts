// How long things last and how likely they are, as chance has it: from milliseconds to an hour, each order as often.
import fc from "fast-check";

const second = 1_000;
const minute = 60 * second;

/** Each magnitude as often as any other, so that what is short is not rare. */
const magnitudes = (bounds: readonly [number, number][]): fc.Arbitrary<number> =>
  fc.oneof(...bounds.map(([min, max]) => fc.integer({ min, max })));

export const span = {
  chance: (probability: number): fc.Arbitrary<boolean> =>
    fc.integer({ min: 0, max: 999 }).map((drawn) => drawn < probability * 1000),
  /** Of things of a burst: from each other. */
  apart: magnitudes([
    [0, 0],
    [0, 20],
    [0, second],
    [0, 10 * second],
    [0, minute],
  ]),
  backAfter: magnitudes([
    [0, 0],
    [1, second],
    [second, 20 * second],
    [20 * second, 3 * minute],
  ]),
  trouble: magnitudes([
    [100, 2 * second],
    [2 * second, 30 * second],
    [30 * second, 2 * minute],
    [2 * minute, 10 * minute],
  ]),
  /** Shorter than a world has to be quiet before it counts as at rest. */
  untilEnd: magnitudes([
    [100, 5 * second],
    [5 * second, minute],
    [minute, 5 * minute],
  ]),
  clockJump: magnitudes([
    [-24 * 60 * minute, -minute],
    [-10 * minute, -second],
    [second, 10 * minute],
    [minute, 24 * 60 * minute],
  ]),
  /** Of requests or events that go wrong: few, many or all. */
  share: fc.oneof(fc.constantFrom(0, 0.01, 0.1, 0.3), fc.constantFrom(0, 0.6, 0.9)),
} as const;
