// A recorded decision taken again by the functions of this checkout.
import { type FunctionDefinition, readsOf } from "../definition.ts";
import { isSame } from "../same.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { DecisionRecord } from "./record.ts";

export type Verdict =
  | { is: "same" }
  | { is: "different"; now: Outcome /** What the function looks at now and was not recorded. */; unread: string[] }
  | { is: "unknown" }; // no function of that name

export function compare(record: DecisionRecord, definitions: readonly FunctionDefinition[]): Verdict {
  const definition = definitions.find(({ name }) => name === record.function);
  if (!definition) return { is: "unknown" };
  const now = outcomeOf(definition, observedOf(record, definition));
  if (isSame(now, recordedOutcome(record))) return { is: "same" };
  const unread = readsOf(definition).flatMap(([name]) => (name in record.observed ? [] : [name]));
  return { is: "different", now, unread };
}

export const recordedOutcome = (record: DecisionRecord): Outcome =>
  "error" in record ? { error: record.error } : { intents: record.intents };

function observedOf({ observed }: DecisionRecord, definition: FunctionDefinition): object {
  const clocks = new Set(readsOf(definition).flatMap(([name, read]) => (read.by === "clock" ? [name] : [])));
  return Object.fromEntries(
    Object.entries(observed).map(([name, value]) => [
      name,
      clocks.has(name) ? new Date(String(value)) : (value ?? undefined),
    ]),
  );
}
