// A process with a planted bug in it: plays one seed after the other, or the regressions, until an invariant is broken, and
// tells of each.
import { drawPlan } from "../plan/draw.ts";
import { play } from "../run.ts";
import { type NamedPlan, regressions } from "../seeds/named-plans.ts";

/** What is told of each plan, as one line of JSON. */
export interface Told {
  /** A seed, or the name of a regression. */
  name: string;
  violation?: { invariant: string; message: string };
}

const [first, count] = process.argv.slice(2);
const plans = first === undefined ? regressions() : drawn(Number(first), Number(count));
for (const { name, plan } of plans) {
  const { violation } = await play(plan, { isTraced: false });
  const told: Told = {
    name,
    ...(violation && { violation: { invariant: violation.invariant, message: violation.message } }),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  if (violation) break;
}
// What a simulated process left waiting is nobody's.
process.exit();

function* drawn(first: number, count: number): Generator<Pick<NamedPlan, "name" | "plan">> {
  for (let seed = first; seed < first + count; seed++) yield { name: `${seed}`, plan: drawPlan(seed) };
}
