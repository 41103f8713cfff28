// What may be plainer in a plan: one thing at a time, from what changes most to what only reads better.
import type { Plan, PlannedGuest } from "./plan.ts";

/** Of parts of a plan, by the name of the field. */
const plainest: Readonly<Record<string, unknown>> = {
  user: 1,
  insists: false,
  saysRunning: false,
  containerDisk: false,
  isVolatile: false,
  cores: 1,
  graceSeconds: 30,
  propagation: "Background",
  isPaused: false,
  isForced: false,
  which: 0,
  node: 0,
  nth: 1,
  backAfterMs: 0,
  lost: 0,
  swallowed: 0,
  doubled: 0,
  lateMs: 0,
  lostRequests: 0,
  lostAnswers: 0,
  overload: 0,
  brokenWatches: 0,
  latencyMs: 5,
};

const guestFields = { bootMs: 1_000, shutdownMs: 1_000, startFailures: 0, hangsAtShutdown: false } as const;
const second = 1_000;

type Variants = (plan: Plan) => Plan[];

/** In the order in which they are worth trying. */
export const plainerVariants: Variants = (plan) =>
  [fewerNodes, calmNetwork, fewerReplicas, guestsThatBehave, guestsWithPlainFields, closer, parts, shorter].flatMap(
    (variants) => variants(plan),
  );

const fewerNodes: Variants = (plan) =>
  [1, plan.nodes - 1].filter((nodes) => nodes >= 1 && nodes < plan.nodes).map((nodes) => ({ ...plan, nodes }));

const fewerReplicas: Variants = (plan) => (plan.replicas > 1 ? [{ ...plan, replicas: 1 }] : []);

const calm = { lostRequests: 0, lostAnswers: 0, brokenWatches: 0, latencyMs: 5 };
const calmNetwork: Variants = (plan) => (isSame(plan.network, calm) ? [] : [{ ...plan, network: calm }]);

const guestsThatBehave: Variants = (plan) => {
  const used = new Set(plan.actions.flatMap((action) => ("vm" in action ? [action.vm] : [])));
  const without = (name: string, upTo: number): Plan => {
    const { [name]: guests = [], ...others } = plan.guests;
    return { ...plan, guests: upTo > 0 ? { ...plan.guests, [name]: guests.slice(0, upTo) } : others };
  };
  return Object.entries(plan.guests).flatMap(([name, guests]) =>
    guests.length > 1 && used.has(name) ? [without(name, 0), without(name, guests.length - 1)] : [without(name, 0)],
  );
};

const guestsWithPlainFields: Variants = (plan) =>
  Object.entries(plan.guests).flatMap(([name, guests]) =>
    guests.flatMap((guest, index) =>
      plainerGuests(guest).map((other) => ({
        ...plan,
        guests: { ...plan.guests, [name]: guests.with(index, other) },
      })),
    ),
  );

function plainerGuests(guest: PlannedGuest): PlannedGuest[] {
  const { ends = [], isRefused, ...rest } = guest;
  const refused = isRefused ? { isRefused } : {};
  const fewerEnds = ends.length > 1 ? ends.map((end) => ({ ...rest, ...refused, ends: [end] })) : [];
  return [
    ...(ends.length > 0 ? [{ ...rest, ...refused }] : []),
    ...fewerEnds,
    ...(isRefused ? [{ ...rest, ...(ends.length > 0 && { ends }) }] : []),
    ...fieldsPlainer(guest, guestFields),
  ];
}

const parts: Variants = (plan) => [
  ...plan.faults.flatMap((fault, index) =>
    variantsOf(fault).map((other) => ({ ...plan, faults: plan.faults.with(index, other) })),
  ),
  ...plan.actions.flatMap((action, index) =>
    variantsOf(action).map((other) => ({ ...plan, actions: plan.actions.with(index, other) })),
  ),
];

const variantsOf = <Part extends { atMs: number }>(part: Part): Part[] => [
  ...fieldsPlainer(part, plainest),
  ...("forMs" in part ? rounder(part, "forMs") : []),
  ...rounder(part, "atMs"),
];

const fieldsPlainer = <Part extends object>(part: Part, to: Readonly<Record<string, unknown>>): Part[] =>
  Object.entries(part).flatMap(([name, value]) =>
    name in to && !isSame(value, to[name]) ? [{ ...part, [name]: to[name] }] : [],
  );

/** A whole number of the largest unit that will do. */
function rounder<Part extends object>(part: Part, field: string): Part[] {
  const value = Number(part[field as keyof Part]);
  const units = [60 * second, 10 * second, second, 100, 10];
  const rounded = units.map((unit) => Math.round(value / unit) * unit);
  const plainer = rounded.slice(0, firstIndex(rounded, value));
  return [...new Set(plainer)].filter((other) => other > 0).map((other) => ({ ...part, [field]: other }));
}

/** Of the unit of which it is a whole number already; what comes after is no plainer. */
const firstIndex = (rounded: number[], value: number): number => {
  const index = rounded.indexOf(value);
  return index === -1 ? rounded.length : index;
};

/** What comes after a long pause comes sooner. */
const closer: Variants = (plan) => {
  const times = [...new Set([0, ...[...plan.actions, ...plan.faults].map(({ atMs }) => atMs)])].toSorted(
    (a, b) => a - b,
  );
  return times.slice(1).flatMap((atMs, index) => {
    const gapMs = atMs - (times[index] ?? 0);
    return gapMs > 60 * second ? [{ ...plan, ...sooner(plan, { fromMs: atMs, byMs: gapMs - 30 * second }) }] : [];
  });
};

function sooner(
  { actions, faults }: Plan,
  { fromMs, byMs }: { fromMs: number; byMs: number },
): Pick<Plan, "actions" | "faults"> {
  const moved = <Part extends { atMs: number }>(part: Part): Part =>
    part.atMs >= fromMs ? { ...part, atMs: part.atMs - byMs } : part;
  return { actions: actions.map(moved), faults: faults.map(moved) };
}

const shorter: Variants = (plan) => {
  const last = Math.max(0, ...[...plan.actions, ...plan.faults].map(({ atMs }) => atMs));
  const lastsMs = (Math.floor(last / second) + 1) * second;
  return lastsMs < plan.lastsMs ? [{ ...plan, lastsMs }] : [];
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
