// The plan that a seed stands for. Much happens at few moments and to few VMs, because it is meetings that go wrong.
import fc from "fast-check";
import { createVm, deedOf, type Scene } from "./draw-actions.ts";
import { troubleOf } from "./draw-faults.ts";
import { guestsOf } from "./draw-guests.ts";
import { type Encore, encoreOn, encoreVm } from "./encore/index.ts";
import { type Frame, frame, sceneOf } from "./frame.ts";
import type { Action, Deed, Fault, OfKind, Plan } from "./plan.ts";
import { span } from "./spans.ts";

/** The same for the same seed. */
export function drawPlan(seed: number): Plan {
  const [drawn] = fc.sample(planArbitrary, { seed, numRuns: 1, unbiased: true });
  if (!drawn) throw new Error(`seed ${seed} draws no plan`);
  return { seed, ...drawn };
}

const latencyMs = fc.constantFrom(1, 5, 5, 50, 500);
const never = fc.constant(0);
const seldom = fc.constantFrom(0, 0.01, 0.05);
const network = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ lostRequests: never, lostAnswers: never, brokenWatches: never, latencyMs }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ lostRequests: seldom, lostAnswers: seldom, brokenWatches: seldom, latencyMs }),
  },
);

const planArbitrary: fc.Arbitrary<Omit<Plan, "seed">> = frame.chain((given) =>
  fc
    .record({
      replicas: fc.integer({ min: 1, max: 3 }),
      network,
      guests: guestsOf([...given.vms, ...given.bare]),
      parts: partsOf(given),
      encore: encoreOn(given),
      pauseMs: fc.integer({ min: 30_000, max: 180_000 }),
    })
    .map(({ parts, encore, pauseMs, ...rest }) => {
      const { lastsMs, nodes, host } = given;
      const plan = { lastsMs, nodes, host, ...rest, ...parts };
      return encore ? withEncore(plan, encore, lastsMs + pauseMs) : plan;
    }),
);

/** What lasts of the plan is over when it begins. */
function withEncore(plan: Omit<Plan, "seed">, encore: Encore, beginMs: number): Omit<Plan, "seed"> {
  const later = <T extends { atMs: number }>(part: T): T => ({ ...part, atMs: Math.round(beginMs + part.atMs) });
  const inTime = <T extends { atMs: number }>(part: T): T => ({
    ...part,
    ...("forMs" in part && { forMs: Math.min(Number(part.forMs), beginMs - part.atMs) }),
    ...("backAfterMs" in part && { backAfterMs: Math.min(Number(part.backAfterMs), beginMs - part.atMs) }),
  });
  return {
    ...plan,
    lastsMs: beginMs + encore.lastsMs,
    guests: { ...plan.guests, [encoreVm]: encore.guests },
    actions: [...plan.actions.map(inTime), ...inOrder(encore.actions.map(later))],
    faults: [...plan.faults.map(inTime), ...inOrder(encore.faults.map(later))],
  };
}

const partsOf = (given: Frame): fc.Arbitrary<Pick<Plan, "actions" | "faults">> =>
  faultsIn(given).chain((faults) =>
    fc.tuple(creations(given), actionsIn(given), aftermath(given, faults)).map((actions) => ({
      actions: inOrder(actions.flat()),
      faults: inOrder(faults),
    })),
  );

const inOrder = <T extends { atMs: number }>(things: T[]): T[] => things.toSorted((a, b) => a.atMs - b.atMs);

const user = fc.integer({ min: 1, max: 3 });

/** Most VMs are there early, and some come later. */
function creations(given: Frame): fc.Arbitrary<Action[]> {
  const { vms, bare, lastsMs } = given;
  const atMs = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: Math.floor(lastsMs / 2) }) },
  );
  const when = fc.record({ atMs, user });
  const ofVms = vms.map((name) =>
    fc
      .tuple(when, createVm(fc.constant(name), fc.constant(true)))
      .map(([time, deed]): Action => ({ kind: "createVm", ...time, ...deed })),
  );
  const ofBare = bare.map((name) =>
    fc
      .tuple(when, deedOf(["createVmi"], sceneOf(given, [name])))
      .map(([time, deed]): Action => ({ ...deed, ...time })),
  );
  return fc.tuple(...ofVms, ...ofBare);
}

/** At one of the moments, and then most often to the VM that this moment is about. */
function nearMoments<T>(given: Frame, draw: (scene: Scene) => fc.Arbitrary<T>): fc.Arbitrary<T & { atMs: number }> {
  const all = [...given.vms, ...given.bare];
  return fc.tuple(fc.constantFrom(...given.moments), span.apart).chain(([{ atMs, vm }, apart]) => {
    const scene = sceneOf(given, [...all, ...Array.from({ length: 2 * all.length }, () => vm)]);
    return draw(scene).map((drawn) => ({ ...drawn, atMs: Math.min(given.lastsMs - 1, atMs + apart) }));
  });
}

const actionsIn = (given: Frame): fc.Arbitrary<Action[]> =>
  fc.array(
    nearMoments(given, (scene) =>
      fc.tuple(deedOf(given.actions, scene), user).map(([deed, by]) => ({ ...deed, user: by })),
    ),
    { maxLength: 25, size: "max" },
  );

const faultsIn = (given: Frame): fc.Arbitrary<Fault[]> =>
  fc.array(
    nearMoments(given, (scene) => troubleOf(given.faults, scene)),
    { maxLength: 15, size: "max" },
  );

/** What people do about a node that is off: nothing, give it up, or end by force what ran there. */
function aftermath(given: Frame, faults: Fault[]): fc.Arbitrary<Action[]> {
  const outages = faults.flatMap((fault) => (fault.kind === "powerOff" ? [fault] : []));
  return fc.tuple(...outages.map((outage) => reactionTo(outage, given))).map((actions) => actions.flat());
}

function reactionTo(
  { atMs, node, forMs }: OfKind<Fault, "powerOff">,
  { vms, lastsMs }: Frame,
): fc.Arbitrary<Action[]> {
  const latestMs = Math.max(0, Math.min(forMs, lastsMs - 1 - atMs));
  const deeds = fc.constantFrom<Deed[]>(
    [],
    [{ kind: "removeNode", node }],
    vms.map((vm) => ({ kind: "forcePod", vm })),
  );
  return fc
    .record({ deeds, user, afterMs: fc.integer({ min: 0, max: latestMs }) })
    .map(({ deeds: chosen, user: by, afterMs }) =>
      chosen.map((deed) => ({ ...deed, user: by, atMs: atMs + afterMs })),
    );
}
