// Makes a plan that fails as short and as plain as it can be while it still fails.

import { plainerVariants } from "./plainer.ts";
import type { Plan } from "./plan.ts";

export interface Shrinking {
  /** In the same way as the plan that is made shorter. */
  fails(plan: Plan): Promise<boolean>;
  isOver(): boolean;
}

export interface Shrunk {
  plan: Plan;
  /** How many plans were played for it. */
  tried: number;
}

export async function shrink(plan: Plan, { fails, isOver }: Shrinking): Promise<Shrunk> {
  let tried = 0;
  let best = plan;
  /** Whether it became the best. */
  const isBetter = async (candidate: Plan): Promise<boolean> => {
    if (isOver()) return false;
    tried += 1;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before: Plan | undefined; before !== best && !isOver(); ) {
    before = best;
    await leaveOut(() => best, isBetter);
    await makePlainer(() => best, isBetter);
  }
  return { plan: best, tried };
}

type IsBetter = (candidate: Plan) => Promise<boolean>;

/** Halves first, then quarters, down to single parts. */
async function leaveOut(best: () => Plan, isBetter: IsBetter): Promise<void> {
  for (let size = partsOf(best()).length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < partsOf(best()).length; ) {
      const parts = partsOf(best());
      const rest = [...parts.slice(0, from), ...parts.slice(from + size)];
      if (!(await isBetter(withParts(best(), rest)))) from += size;
    }
  }
}

type Part = { list: "actions"; part: Plan["actions"][number] } | { list: "faults"; part: Plan["faults"][number] };

const partsOf = ({ actions, faults }: Plan): Part[] => [
  ...faults.map((part) => ({ list: "faults" as const, part })),
  ...actions.map((part) => ({ list: "actions" as const, part })),
];

const withParts = (plan: Plan, parts: Part[]): Plan => ({
  ...plan,
  actions: parts.flatMap(({ list, part }) => (list === "actions" ? [part] : [])),
  faults: parts.flatMap(({ list, part }) => (list === "faults" ? [part] : [])),
});

/** Each step is tried once, on the best plan of that moment. */
async function makePlainer(best: () => Plan, isBetter: IsBetter): Promise<void> {
  for (let index = 0; ; ) {
    const candidate = plainerVariants(best())[index];
    if (!candidate) return;
    if (!(await isBetter(candidate))) index += 1;
  }
}
