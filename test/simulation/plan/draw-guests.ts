// How guests behave, as chance has it.
import fc from "fast-check";
import type { Plan, PlannedGuest } from "./plan.ts";
import { span } from "./spans.ts";

const ends = fc.array(
  fc.record({
    afterMs: span.untilEnd,
    how: fc.constantFrom("crash" as const, "powerOff" as const, "reboot" as const),
  }),
  { maxLength: 2, size: "max" },
);

const guest: fc.Arbitrary<PlannedGuest> = fc
  .record({
    bootMs: fc.integer({ min: 500, max: 20_000 }),
    startFailures: fc.constantFrom(0, 0, 0, 0, 1, 3),
    shutdownMs: fc.integer({ min: 100, max: 20_000 }),
    hangsAtShutdown: span.chance(0.15),
    isRefused: span.chance(0.1),
    ends,
  })
  .map(({ isRefused, ends: own, ...rest }) => ({
    ...rest,
    ...(isRefused && { isRefused }),
    ...(own.length > 0 && { ends: own }),
  }));

export const guestsOf = (names: string[]): fc.Arbitrary<Plan["guests"]> =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.array(guest, { maxLength: 4, size: "max" })])));
