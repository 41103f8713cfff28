// What may go wrong, as chance has it.
import fc from "fast-check";
import type { Scene } from "./draw-actions.ts";
import type { FaultKind, OfKind, Part, Trouble } from "./plan.ts";
import { span } from "./spans.ts";

type Draws = { [Kind in FaultKind]: (scene: Scene) => fc.Arbitrary<Omit<OfKind<Trouble, Kind>, "kind">> };

const target = ({ role }: Scene) => ({ role, which: fc.integer({ min: 0, max: 3 }) });
const backAfterMs = span.backAfter;
const share = fc.constantFrom(0, 0.1, 0.5, 1);
const wholeRunMs = 15 * 60_000;
const nth = fc.constantFrom(1, 1, 1, 2, 2, 3, 4, 6);
const lateMs = fc.constantFrom(0, 10, 500, 5_000, 60_000);
const of = fc.constantFrom<Part>("vm", "vmi", "pod");
const onNode = ({ node, forMs }: Scene) => fc.record({ node, forMs });
const ofVm = ({ vm }: Scene) => fc.record({ vm });
const forAWhile = ({ forMs }: Scene) => fc.record({ forMs });

const draws: Draws = {
  kill: (scene) => fc.record({ ...target(scene), backAfterMs }),
  killAtWrite: ({ role }) =>
    fc.record({
      role,
      nth,
      when: fc.constantFrom("before" as const, "after" as const),
      backAfterMs,
    }),
  lateWrite: ({ role, forMs }) => fc.record({ role, nth, forMs, freezes: fc.boolean() }),
  killAll: () => fc.record({ backAfterMs }),
  freeze: (scene) => fc.record({ ...target(scene), forMs: scene.forMs }),
  jumpClock: (scene) => fc.record({ ...target(scene), byMs: span.clockJump }),
  events: ({ forMs }) =>
    fc.record({
      ...{ lost: share, swallowed: share, doubled: share, lateMs },
      forMs: fc.oneof(forMs, fc.constant(wholeRunMs)),
    }),
  apiAway: () => fc.record({ forMs: fc.integer({ min: 1, max: 600 }).map((seconds) => seconds * 1000) }),
  network: ({ forMs }) =>
    fc.record({
      lostRequests: span.share,
      lostAnswers: span.share,
      overload: span.share,
      brokenWatches: span.share,
      latencyMs: fc.constantFrom(1, 50, 1_000, 8_000),
      forMs,
    }),
  breakConnections: () => fc.record({}),
  compact: () => fc.record({}),
  freezeNode: onNode,
  powerOff: onNode,
  cutOff: onNode,
  launcherDies: ofVm,
  libvirtDies: ofVm,
  guestCrashes: ofVm,
  launcherHides: ({ vm, forMs }) => fc.record({ vm, forMs }),
  refusePods: forAWhile,
  refuseInstances: forAWhile,
  failWrites: forAWhile,
  isolate: (scene) => fc.record({ ...target(scene), forMs: scene.forMs }),
  stallWatch: (scene) => fc.record({ ...target(scene), of, forMs: scene.forMs }),
};

export const faultKinds = Object.keys(draws) as FaultKind[];

/** Processes die most of all: between any two things that they do is a place of its own. */
const weights: Partial<Record<FaultKind, number>> = {
  kill: 4,
  killAtWrite: 10,
  lateWrite: 8,
  network: 3,
  events: 3,
  powerOff: 3,
};

export const troubleOf = (kinds: readonly FaultKind[], scene: Scene): fc.Arbitrary<Trouble> =>
  fc.oneof(
    ...kinds.map((kind) => ({
      weight: weights[kind] ?? 2,
      arbitrary: draws[kind](scene).map((given) => ({ kind, ...given }) as Trouble),
    })),
  );
