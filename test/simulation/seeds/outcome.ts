// What is told of a run from one process to another.
import type { Plan } from "../plan/plan.ts";
import type { Verdict } from "../run.ts";

export interface Outcome
  extends Pick<Verdict, "seed" | "steps" | "virtualMs" | "writes" | "digest" | "happened" | "running"> {
  /** How often it is in the plan, by kind of fault or action. */
  planned: Record<string, number>;
  violation?: Broken;
}

export interface Broken {
  invariant: string;
  object: string;
  message: string;
}

export function outcomeOf({ trace: _, plan, violation, ...rest }: Verdict): Outcome {
  return { ...rest, planned: plannedIn(plan), ...(violation && { violation: brokenIn(violation) }) };
}

export const brokenIn = ({ invariant, object, message }: Broken): Broken => ({ invariant, object, message });

function plannedIn({ actions, faults }: Plan): Record<string, number> {
  const planned: Record<string, number> = {};
  for (const { kind } of [...actions, ...faults]) planned[kind] = (planned[kind] ?? 0) + 1;
  return planned;
}
