// Encores in which something ends and nobody learns of it who should.
import fc from "fast-check";
import type { Trouble } from "../plan.ts";
import { span } from "../spans.ts";
import {
  at,
  creation,
  deciderIn,
  ending,
  followerIn,
  from,
  type Ground,
  guest,
  type Piece,
  second,
  seconds,
  strategy,
  upMs,
  vm,
} from "./encore.ts";

const mostReplicas = 3;

/** Of the first sweep of who was dead meanwhile. */
const troubleOfSweep = (ground: Ground): fc.Arbitrary<{ afterMs: number; trouble: Trouble }> => {
  const role = deciderIn(ground);
  const atOnce = fc.oneof(
    fc.record({
      kind: fc.constant("killAtWrite" as const),
      role: fc.constant(role),
      nth: fc.constantFrom(1, 1, 2, 3),
      when: fc.constantFrom("before" as const, "before" as const, "after" as const),
      backAfterMs: span.backAfter,
    }),
    seconds(1, 20).map((forMs): Trouble => ({ kind: "events", lost: 1, swallowed: 0, doubled: 0, lateMs: 0, forMs })),
    seconds(1, 40).map((forMs): Trouble => ({ kind: "failWrites", forMs })),
  );
  const later = fc.constant<Trouble>({ kind: "kill", role, which: 0, backAfterMs: 0 });
  return fc.oneof(
    atOnce.map((trouble) => ({ afterMs: -1, trouble })),
    fc.record({ afterMs: fc.integer({ min: 100, max: 4_000 }), trouble: later }),
  );
};

/** While nobody looks, and the first look fails. */
export const missedByTheDead: Piece = (ground) =>
  fc
    .record({
      ...{ strategy, ending, upMs, deadMs: seconds(2, 40), isVolatile: fc.boolean() },
      share: fc.integer({ min: 0, max: 99 }),
    })
    .chain((drawn) => troubleOfSweep(ground).map((trouble) => ({ ...drawn, ...trouble })))
    .map(({ deadMs, share, isVolatile, afterMs, trouble, ...drawn }) => {
      const deaths = Array.from({ length: ground.host === "knative" ? 1 : mostReplicas }, () =>
        from(drawn.upMs, { kind: "kill", role: followerIn(ground), which: 0, backAfterMs: deadMs }),
      );
      return {
        guests: [guest],
        actions: [
          at(0, creation(drawn.strategy, isVolatile)),
          at(drawn.upMs + 1 + (deadMs * share) / 100, drawn.ending),
        ],
        faults: [...deaths, from(drawn.upMs + deadMs + afterMs, trouble)],
        lastsMs: drawn.upMs + deadMs + 45 * second,
      };
    });

/** While nobody hears of it, and the API server forgets that it was so. */
export const missedByTheDeaf: Piece = (ground) =>
  fc
    .record({
      ...{ strategy, ending, upMs, shutdownMs: seconds(5, 20), leadMs: seconds(0, 6), forMs: seconds(20, 60) },
      share: fc.integer({ min: 60, max: 99 }),
    })
    .map(({ leadMs, forMs, share, shutdownMs, ...drawn }) => ({
      guests: [{ ...guest, shutdownMs }],
      actions: [at(0, creation(drawn.strategy)), at(drawn.upMs, drawn.ending)],
      faults: [
        from(drawn.upMs + leadMs, { kind: "isolate", role: followerIn(ground), which: 0, forMs }),
        from(drawn.upMs + leadMs + (forMs * share) / 100, { kind: "compact" }),
      ],
      lastsMs: drawn.upMs + leadMs + forMs + 45 * second,
    }));

/** Executors go on with what they know of pods, or of instances, that are long gone, and of launchers out of their reach. */
export const missedByExecutors: Piece = ({ nodes }) =>
  fc
    .record({
      ...{ strategy, ending, upMs, forMs: seconds(20, 120), apartMs: seconds(0, 3) },
      of: fc.constantFrom("pod" as const, "pod" as const, "vmi" as const),
      crashes: fc.boolean(),
      isHidden: span.chance(0.7),
    })
    .map(({ forMs, of, crashes, isHidden, apartMs, ...drawn }) => ({
      guests: [guest],
      actions: [at(0, creation(drawn.strategy)), ...(crashes ? [] : [at(drawn.upMs + apartMs, drawn.ending)])],
      faults: [
        ...Array.from({ length: nodes }, (_, which) =>
          from(drawn.upMs, { kind: "stallWatch", role: "executor", which, of, forMs }),
        ),
        ...(isHidden ? [from(drawn.upMs, { kind: "launcherHides", vm, forMs })] : []),
        ...(crashes ? [from(drawn.upMs + apartMs, { kind: "guestCrashes", vm })] : []),
      ],
      lastsMs: drawn.upMs + forMs + 45 * second,
    }));
