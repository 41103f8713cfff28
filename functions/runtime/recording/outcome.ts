// What a function made of an observation, as JSON: the intents, or the error that it threw.
import type { FunctionDefinition } from "../definition.ts";
import type { Intent } from "../intents.ts";

export type Outcome = { intents: unknown[] } | { error: { name: string; message: string } };

export function outcomeOf(definition: FunctionDefinition, observed: object): Outcome {
  try {
    return outcomeOfIntents(definition.reconcile(observed), observed);
  } catch (error) {
    return outcomeOfError(error);
  }
}

export function outcomeOfError(error: unknown): Outcome {
  const { name, message } = error instanceof Error ? error : { name: "Unknown", message: String(error) };
  return { error: { name, message } };
}

/** An object that was observed is not repeated: a reference stands for it. */
export function outcomeOfIntents(intents: Intent[], observed: object): Outcome {
  const names = new Map(Object.entries(observed).map(([name, value]) => [value, name]));
  return { intents: JSON.parse(JSON.stringify(intents, replacer(names))) as unknown[] };
}

const replacer =
  (names: ReadonlyMap<unknown, string>) =>
  (_field: string, value: unknown): unknown => {
    if (typeof value === "object" && value !== null && names.has(value)) return { observed: names.get(value) };
    // JSON has none of these; what waits for NaN seconds is to be seen as it is.
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  };

interface Named {
  verb?: string;
  object?: { kind?: string; observed?: string };
}

/** Verbs and kinds, without anything that was written by people. */
export const inShort = (outcome: Outcome): string =>
  "error" in outcome
    ? `threw ${outcome.error.name}`
    : (outcome.intents as Named[])
        .map(({ verb, object }) => [verb, object?.kind ?? object?.observed].filter(Boolean).join(" "))
        .join(", ") || "nothing";
