// Encores of starts that fail, are refused, or are in trouble.
import fc from "fast-check";
import type { Trouble } from "../plan.ts";
import { span } from "../spans.ts";
import {
  at,
  creation,
  deciderIn,
  followerIn,
  from,
  guest,
  type Piece,
  second,
  seconds,
  strategy,
  vm,
} from "./encore.ts";

/** Their pauses get longer than a pod of functions stays awake for them. */
export const startsFail: Piece = () =>
  fc.record({ strategy, times: fc.integer({ min: 4, max: 6 }), lastsMs: seconds(10, 480) }).map((drawn) => ({
    guests: Array.from({ length: drawn.times }, () => ({ ...guest, isRefused: true })),
    actions: [at(0, creation(drawn.strategy))],
    faults: [],
    lastsMs: drawn.lastsMs,
  }));

/** An instance that was asked for once ends before anybody has said that it lives. */
export const endsUnseen: Piece = (ground) =>
  fc
    .record({
      isRefused: fc.boolean(),
      how: fc.constantFrom("crash" as const, "powerOff" as const),
      deaths: fc.array(
        fc.record({
          nth: fc.integer({ min: 1, max: 10 }),
          when: fc.constantFrom("before" as const, "before" as const, "after" as const),
          backAfterMs: span.backAfter,
        }),
        { minLength: 2, maxLength: 8, size: "max" },
      ),
      stalledMs: fc.constantFrom(0, 5 * second, 30 * second),
    })
    .map(({ isRefused, how, deaths, stalledMs }) => ({
      guests: [isRefused ? { ...guest, isRefused } : { ...guest, ends: [{ afterMs: 100, how }] }],
      actions: [at(0, creation("Manual")), at(10 * second, { kind: "start", vm, isPaused: false })],
      faults: [
        ...deaths.map((death) => from(10 * second - 1, { kind: "killAtWrite", role: deciderIn(ground), ...death })),
        ...(stalledMs > 0
          ? [
              from(9 * second, {
                kind: "stallWatch",
                role: followerIn(ground),
                which: 0,
                of: "vmi",
                forMs: stalledMs,
              }),
            ]
          : []),
      ],
      lastsMs: 60 * second,
    }));

/** What is between an executor and a guest ends while it is started. */
export const startsInTrouble: Piece = () =>
  fc
    .record({
      strategy,
      troubles: fc.array(
        fc.record({
          atMs: fc.integer({ min: 300, max: 10 * second }),
          trouble: fc.oneof(
            fc.constantFrom<Trouble>({ kind: "libvirtDies", vm }, { kind: "guestCrashes", vm }),
            seconds(1, 30).map((forMs): Trouble => ({ kind: "launcherHides", vm, forMs })),
            fc
              .integer({ min: 1, max: 4 })
              .map(
                (nth): Trouble => ({ kind: "killAtWrite", role: "executor", nth, when: "before", backAfterMs: 0 }),
              ),
          ),
        }),
        { minLength: 1, maxLength: 6, size: "max" },
      ),
    })
    .map(({ strategy: chosen, troubles }) => ({
      guests: [guest],
      actions: [at(0, creation(chosen))],
      faults: troubles.map(({ atMs, trouble }) => from(atMs, trouble)),
      lastsMs: 60 * second,
    }));

/** Nobody tells when it would be taken. */
export const isRefused: Piece = () =>
  fc
    .record({
      strategy,
      kind: fc.constantFrom("refusePods" as const, "refuseInstances" as const, "failWrites" as const),
      forMs: span.trouble,
    })
    .map(({ strategy: chosen, kind, forMs }) => ({
      guests: [guest],
      actions: [at(0, creation(chosen))],
      faults: [from(kind === "failWrites" ? 200 : 0, { kind, forMs })],
      lastsMs: Math.min(forMs, 120 * second) + 30 * second,
    }));
