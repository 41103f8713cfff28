// Plans are made shorter as far as they still fail.
import { drawPlan } from "./draw.ts";
import type { Action, Fault, Plan } from "./plan.ts";
import { shrink } from "./shrink.ts";

const partsOf = ({ actions, faults }: Plan): (Action | Fault)[] => [...actions, ...faults];
const has = (plan: Plan, ...kinds: string[]): boolean =>
  kinds.every((kind) => partsOf(plan).some((part) => part.kind === kind));

interface Row {
  when: string;
  fails: (plan: Plan) => boolean;
  want: Partial<Plan> & { kinds?: string[] };
}

const calm = { lostRequests: 0, lostAnswers: 0, brokenWatches: 0, latencyMs: 5 };

const rows: Row[] = [
  {
    when: "all plans fail",
    fails: () => true,
    want: { actions: [], faults: [], nodes: 1, replicas: 1, network: calm, guests: {} },
  },
  { when: "two parts matter", fails: (plan) => has(plan, "createVm", "kill"), want: { kinds: ["createVm", "kill"] } },
  { when: "nodes matter", fails: ({ nodes }) => nodes >= 2, want: { nodes: 2, kinds: [] } },
  {
    when: "one of a guest's ends matters",
    fails: ({ guests }) =>
      Object.values(guests)
        .flat()
        .some(({ ends }) => ends?.some(({ how }) => how === "crash")),
    want: { kinds: [] },
  },
];

const found = (fails: (plan: Plan) => boolean): Plan => {
  for (let seed = 0; seed < 1_000; seed++) {
    const plan = drawPlan(seed);
    if (fails(plan) && plan.actions.length > 15 && plan.faults.length > 5) return plan;
  }
  throw new Error("no seed fails");
};

test.each(rows)("$when", async ({ fails, want: { kinds, ...want } }) => {
  const { plan, tried } = await shrink(found(fails), { fails: async (each) => fails(each), isOver: () => false });
  expect(fails(plan)).toBe(true);
  expect(plan).toMatchObject(want);
  if (kinds) expect(partsOf(plan).map(({ kind }) => kind)).toEqual(kinds);
  expect(tried).toBeLessThan(500);
});

test("what is left is plain: round times, and nothing that need not be", async () => {
  const fails = (plan: Plan): boolean => plan.faults.some((fault) => fault.kind === "killAtWrite" && fault.nth > 3);
  const { plan } = await shrink(found(fails), { fails: async (each) => fails(each), isOver: () => false });
  const [fault] = plan.faults;
  expect(fault).toMatchObject({ kind: "killAtWrite", backAfterMs: 0 });
  expect((fault?.atMs ?? 1) % 10_000).toBe(0);
});

test("it ends when its time is over", async () => {
  const plan = found(() => true);
  const shrunk = await shrink(plan, { fails: async () => true, isOver: () => true });
  expect(shrunk).toEqual({ plan, tried: 0 });
});
