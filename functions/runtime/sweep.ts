// A function over all its objects: what events should have done and did not. In a settled cluster it writes nothing.
import type { Key } from "@knvirt/kubernetes";
import { hasApplied } from "./applied-fields.ts";
import { type FunctionDefinition, fieldManagerOf } from "./definition.ts";
import { FunctionError } from "./errors.ts";
import type { Intent } from "./intents.ts";
import { type Joined, joined, type Order, orders } from "./join.ts";
import type { Observing } from "./observe.ts";
import type { Visits } from "./visits.ts";

export interface Sweeping extends Observing {
  visits: Pick<Visits, "visit" | "visitLater">;
  /** Told of objects about which nothing can be decided. */
  onError(error: unknown, key: Key): void;
}

export interface Swept {
  objects: number;
  /** Writes that were due. */
  repairs: number;
  /** Objects that could not be brought in order; the next sweep tries again. */
  failures: number;
}

/** The lists only tell which objects need work; the work itself looks at each of those anew. It begins when the lists
 * have been read: a list that is left waiting between two pages expires. */
export async function sweep(sweeping: Sweeping, definition: FunctionDefinition): Promise<Swept> {
  const { objects, due, failures } = await scan(sweeping, definition);
  const results = await Promise.all(due.map((key) => repair(sweeping, definition, key)));
  const writes = results.filter((result) => result !== undefined);
  return {
    objects,
    repairs: writes.reduce((sum, each) => sum + each, 0),
    failures: failures + results.length - writes.length,
  };
}

interface Scanned {
  objects: number;
  due: Key[];
  failures: number;
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
  const scanned: Scanned = { objects: 0, due: [], failures: 0 };
  for await (const page of joined(sweeping, definition, order)) {
    scanned.objects += page.length;
    for (const { key, observed } of page) {
      const finding = look(sweeping, definition, { key, observed });
      if (finding === "due") scanned.due.push(key);
      if (finding === "failed") scanned.failures += 1;
    }
  }
  return scanned;
}

function look({ visits, onError }: Sweeping, definition: FunctionDefinition, { key, observed }: Joined) {
  try {
    const intents = definition.reconcile(observed);
    if (intents.some((intent) => isDue(intent, definition))) return "due";
    const seconds = lookAgain(intents);
    if (seconds !== Infinity) visits.visitLater(definition, key, seconds);
    return "settled";
  } catch (error) {
    onError(error, key);
    return "failed";
  }
}

/** Answers with the number of writes, undefined for a failure, of which the visits tell. */
const repair = ({ visits }: Sweeping, definition: FunctionDefinition, key: Key): Promise<number | undefined> =>
  visits.visit(definition, key).catch(() => undefined);

function isDue(intent: Intent, definition: FunctionDefinition): boolean {
  if (intent.verb === "requeue") return false;
  return intent.verb !== "applyStatus" || !hasApplied(intent.object, fieldManagerOf(definition), intent.status);
}

const lookAgain = (intents: Intent[]): number =>
  Math.min(Infinity, ...intents.map((intent) => (intent.verb === "requeue" ? intent.seconds : Infinity)));
