// Plans are the same for the same seed, plain data, and rich: each kind of action and fault comes up in few seeds.

import { drawPlan } from "./draw.ts";
import { actionKinds } from "./draw-actions.ts";
import { faultKinds } from "./draw-faults.ts";
import { encoreVm } from "./encore/index.ts";
import type { Plan } from "./plan.ts";

const plans = Array.from({ length: 300 }, (_, seed) => drawPlan(seed));
const share = (isSo: (plan: Plan) => boolean): number => plans.filter(isSo).length / plans.length;

test("a seed always draws the same plan, which is JSON", () => {
  expect(drawPlan(7)).toEqual(plans[7]);
  expect(JSON.parse(JSON.stringify(plans))).toEqual(plans);
});

test.each([
  ...actionKinds.map((kind) => ({ kind, of: "actions" as const })),
  ...faultKinds.map((kind) => ({ kind, of: "faults" as const })),
])("$kind comes up in one plan of twenty at least", ({ kind, of }) => {
  expect(share((plan) => plan[of].some((part) => part.kind === kind))).toBeGreaterThan(0.05);
});

test.each<{ what: string; isSo: (plan: Plan) => boolean; least: number }>([
  { what: "several nodes", isSo: ({ nodes }) => nodes > 1, least: 0.6 },
  { what: "three VMs or more", isSo: ({ guests }) => Object.keys(guests).length >= 3, least: 0.5 },
  { what: "more than ten actions besides", isSo: ({ actions }) => actions.length > 16, least: 0.4 },
  { what: "more than five faults", isSo: ({ faults }) => faults.length > 5, least: 0.4 },
  { what: "no faults", isSo: ({ faults }) => faults.length === 0, least: 0.02 },
  { what: "Knative", isSo: ({ host }) => host === "knative", least: 0.4 },
  { what: "an encore", isSo: ({ guests }) => encoreVm in guests, least: 0.4 },
  { what: "a burst: an action and a fault within a second", isSo: hasBurst, least: 0.4 },
])("$what come often enough", ({ isSo, least }) => expect(share(isSo)).toBeGreaterThan(least));

function hasBurst({ actions, faults }: Plan): boolean {
  return actions.some((action) => faults.some((fault) => Math.abs(fault.atMs - action.atMs) < 1_000));
}

test("what lasts of a plan is over when its encore begins", () => {
  for (const { guests, actions, faults } of plans) {
    if (!(encoreVm in guests)) continue;
    const beginMs = actions.find((action) => action.kind === "createVm" && action.vm === encoreVm)?.atMs ?? 0;
    const before = [...actions, ...faults].filter(({ atMs }) => atMs < beginMs - 30_000);
    for (const part of before) if ("forMs" in part) expect(part.atMs + part.forMs).toBeLessThanOrEqual(beginMs);
  }
});
