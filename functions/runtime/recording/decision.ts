// A decision, as it is told to whom records them.
import type { Key } from "@knvirt/kubernetes";
import type { FunctionDefinition } from "../definition.ts";
import type { Intent } from "../intents.ts";

export interface Decision {
  definition: FunctionDefinition;
  key: Key;
  observed: object;
  made: { intents: Intent[] } | { error: unknown };
  /** What made the function look, where it was not a change of the key's own. */
  by?: "sweep";
}

/** Never throws. */
export type OnDecision = (decision: Decision) => void;

type Observation = Omit<Decision, "made">;

/** Throws what the function throws. */
export function decide({ definition, key, observed }: Observation, onDecision: OnDecision | undefined): Intent[] {
  if (!onDecision) return definition.reconcile(observed);
  try {
    const intents = definition.reconcile(observed);
    onDecision({ definition, key, observed, made: { intents } });
    return intents;
  } catch (error) {
    onDecision({ definition, key, observed, made: { error } });
    throw error;
  }
}
