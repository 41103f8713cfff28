// The record of a decision: what was observed, without secrets, and what the function makes of exactly that. So no secret
// can be in its intents, and whoever runs the function over it again comes to the same.
import type { Key } from "@knvirt/kubernetes";
import { isSame } from "../same.ts";
import type { Decision } from "./decision.ts";
import { hide, reveal } from "./hide.ts";
import { inShort, type Outcome, outcomeOf, outcomeOfError, outcomeOfIntents } from "./outcome.ts";

export const format = 1;

interface Header {
  format: typeof format;
  /** Version of knvirt. */
  knvirt: string;
  /** Placeholders of one recording can be compared. */
  recording: string;
  /** Counts from 1 in each recording, so that missing ones are noticed. */
  number: number;
  at: string;
  function: string;
  key: Key;
  by?: "sweep";
}

export type DecisionRecord = Header & {
  observed: Record<string, unknown>;
  /** What was really decided, in short, where a hidden text had a say in it. */
  really?: string;
} & Outcome;

/** Of a decision that is too large to be recorded. */
export type Omission = Header & { omittedBytes: number };

export interface Context extends Pick<Header, "knvirt" | "recording" | "number" | "at"> {
  /** Of the placeholders; never written. */
  secret: Buffer;
}

export const headerOf = ({ definition, key, by }: Decision, { knvirt, recording, number, at }: Context): Header => ({
  ...{ format, knvirt, recording, number, at },
  function: definition.name,
  key,
  ...(by && { by }),
});

export function recordOf(decision: Decision, context: Context): DecisionRecord {
  const { definition, observed, made } = decision;
  const hidden = hide(observed, context.secret);
  const outcome = outcomeOf(definition, hidden.observed);
  const real = "intents" in made ? outcomeOfIntents(made.intents, observed) : outcomeOfError(made.error);
  return {
    ...headerOf(decision, context),
    observed: withNull(hidden.observed),
    ...outcome,
    ...(!isSame(reveal(outcome, hidden.originals), real) && { really: inShort(real) }),
  };
}

/** JSON has no undefined: what was looked for and not found is null. */
const withNull = (observed: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(observed).map(([name, value]) => [name, value ?? null]));
