// A function over all its objects: what events should have done and did not. In a settled cluster it writes nothing.
import type { Key } from "@knvirt/kubernetes";
import { hasApplied } from "./applied-fields.ts";
import { type FunctionDefinition, fieldManagerOf } from "./definition.ts";
import { FunctionError } from "./errors.ts";
import type { Intent } from "./intents.ts";
import { type Joined, joined, type Order, orders } from "./join.ts";
import type { Observing } from "./observe.ts";
import type { OnDecision } from "./recording/decision.ts";
import type { Outcome } from "./run.ts";
import type { Visits } from "./visits.ts";

export interface Sweeping extends Observing {
  visits: Pick<Visits, "visit" | "visitLater">;
  /** Told of objects about which nothing can be decided. */
  onError(error: unknown, key: Key): void;
  /** Told where something is due, or nothing can be decided: all else is as it was the last time. */
  onDecision?: OnDecision | undefined;
}

export interface Swept {
  objects: number;
  /** Writes that were due. */
  repairs: number;
  /** Objects that could not be brought in order; the next sweep tries again. */
  failures: number;
  /** Until the first object that waits is to be looked at again; Infinity when none waits. */
  lookAgainSeconds: number;
}

/** What somebody who asked for the sweeps of several functions is told. */
export function summaryOf(swept: readonly Swept[]) {
  const sum = (of: "objects" | "repairs" | "failures") => swept.reduce((total, each) => total + each[of], 0);
  const lookAgainSeconds = Math.min(Infinity, ...swept.map((each) => each.lookAgainSeconds));
  return {
    objects: sum("objects"),
    repairs: sum("repairs"),
    failures: sum("failures"),
    ...(lookAgainSeconds !== Infinity && { lookAgainSeconds }),
  };
}

/** The lists only tell which objects need work; the work itself looks at each of those anew. It begins when the lists
 * have been read: a list that is left waiting between two pages expires. */
export async function sweep(sweeping: Sweeping, definition: FunctionDefinition): Promise<Swept> {
  const { objects, due, failures, lookAgainSeconds } = await scan(sweeping, definition);
  const results = await Promise.all(due.map((key) => repair(sweeping, definition, key)));
  const outcomes = results.filter((result) => result !== undefined);
  return {
    objects,
    repairs: outcomes.reduce((sum, { writes }) => sum + writes, 0),
    failures: failures + results.length - outcomes.length,
    lookAgainSeconds: Math.min(lookAgainSeconds, ...outcomes.map((each) => each.lookAgainSeconds ?? Infinity)),
  };
}

interface Scanned {
  objects: number;
  due: Key[];
  failures: number;
  lookAgainSeconds: number;
}

async function scan(sweeping: Sweeping, definition: FunctionDefinition): Promise<Scanned> {
  for (const order of orders) {
    try {
      return await scanInOrder(sweeping, definition, order);
    } catch (error) {
      if (!(error instanceof FunctionError && error.reason === "UnsortedList")) throw error;
    }
  }
  throw new FunctionError(
    "UnsortedList",
    `lists of the API server have no known order: ${definition.name} cannot sweep`,
  );
}

async function scanInOrder(sweeping: Sweeping, definition: FunctionDefinition, order: Order): Promise<Scanned> {
  const scanned: Scanned = { objects: 0, due: [], failures: 0, lookAgainSeconds: Infinity };
  for await (const page of joined(sweeping, definition, order)) {
    scanned.objects += page.length;
    for (const { key, observed } of page) {
      const finding = look(sweeping, definition, { key, observed });
      if (finding === "due") scanned.due.push(key);
      else if (finding === "failed") scanned.failures += 1;
      else scanned.lookAgainSeconds = Math.min(scanned.lookAgainSeconds, finding);
    }
  }
  return scanned;
}

/** Answers with the seconds until it is to be looked at again where nothing is due. */
function look(
  { visits, onError, onDecision }: Sweeping,
  definition: FunctionDefinition,
  { key, observed }: Joined,
): "due" | "failed" | number {
  try {
    const intents = definition.reconcile(observed);
    if (intents.some((intent) => isDue(intent, definition))) {
      onDecision?.({ definition, key, observed, made: { intents }, by: "sweep" });
      return "due";
    }
    const seconds = lookAgain(intents);
    if (seconds !== Infinity) visits.visitLater(definition, key, seconds);
    return seconds;
  } catch (error) {
    onDecision?.({ definition, key, observed, made: { error }, by: "sweep" });
    onError(error, key);
    return "failed";
  }
}

/** Undefined for a failure, of which the visits tell. */
const repair = ({ visits }: Sweeping, definition: FunctionDefinition, key: Key): Promise<Outcome | undefined> =>
  visits.visit(definition, key).catch(() => undefined);

function isDue(intent: Intent, definition: FunctionDefinition): boolean {
  if (intent.verb === "requeue") return false;
  return intent.verb !== "applyStatus" || !hasApplied(intent.object, fieldManagerOf(definition), intent.status);
}

const lookAgain = (intents: Intent[]): number =>
  Math.min(Infinity, ...intents.map((intent) => (intent.verb === "requeue" ? intent.seconds : Infinity)));
