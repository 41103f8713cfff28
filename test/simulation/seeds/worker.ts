// A process that plays the seeds it is given, one after another, and tells how each went.
import { drawPlan } from "../plan/draw.ts";
import { play } from "../run.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

export interface Task {
  seed: number;
  /** Played twice, to see whether it goes the same way. */
  isChecked: boolean;
}

export async function outcomeOfSeed({ seed, isChecked }: Task): Promise<Outcome> {
  const plan = drawPlan(seed);
  const outcome = outcomeOf(await play(plan, { isTraced: false }));
  if (!isChecked || outcome.violation) return outcome;
  const again = await play(plan, { isTraced: false });
  if (again.digest === outcome.digest && again.steps === outcome.steps) return outcome;
  const message = `went another way when it was played again: ${outcome.digest} after ${outcome.steps} steps, and ${again.digest} after ${again.steps}`;
  return { ...outcome, violation: { invariant: "isDeterministic", object: `seed ${seed}`, message } };
}

if (process.send) {
  process.on("message", (task: Task) => void outcomeOfSeed(task).then((outcome) => process.send?.(outcome)));
  // Who asked is told of an interruption too, and ends this process when the seed under way has been told of.
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit());
}
