// A process with a planted bug in it: plays one seed after the other until an invariant is broken, and tells of each.
import { drawPlan } from "../plan/draw.ts";
import { play } from "../run.ts";

/** What is told of each seed, as one line of JSON. */
export interface Told {
  seed: number;
  violation?: { invariant: string; message: string };
}

const [first = 1, count = 1] = process.argv.slice(2).map(Number);
for (let seed = first; seed < first + count; seed++) {
  const { violation } = await play(drawPlan(seed), { isTraced: false });
  const told: Told = {
    seed,
    ...(violation && { violation: { invariant: violation.invariant, message: violation.message } }),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  if (violation) break;
}
// What a simulated process left waiting is nobody's.
process.exit();
