// Observe, reconcile, apply: the only loop, shared by every function. It does not grow with features.
import type { Client, Key } from "@knvirt/kubernetes";
import { type Writer, writerOf } from "./cluster.ts";
import { type FunctionDefinition, primaryIn } from "./definition.ts";
import { FunctionError, WorldMoved, WriteRefused } from "./errors.ts";
import type { Intent, Refusal } from "./intents.ts";
import { observe } from "./observe.ts";
import { decide, type OnDecision } from "./recording/decision.ts";

export interface Running {
  client: Client;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  elapsedMs(): number;
  /** Told of each write that changed something, and of each conflict. */
  onWrite?(definition: FunctionDefinition, intent: Intent): void;
  onConflict?(definition: FunctionDefinition): void;
  onDecision?: OnDecision | undefined;
}

export interface Outcome {
  /** Look at the key again in so many seconds; absent leaves it to the next event. */
  lookAgainSeconds?: number;
  writes: number;
}

/** Others may write the same objects; when they do so this often in a row, the sender may try again later. */
const mostAttempts = 8;

export async function run(running: Running, definition: FunctionDefinition, key: Key): Promise<Outcome> {
  let refusal: Refusal | undefined;
  let writes = 0;
  const count = (intent: Intent): void => {
    writes += 1;
    running.onWrite?.(definition, intent);
  };
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const observed = await observe(running, definition, { key, refusal });
    if (!observed) return { writes }; // deleted: owner references clean up
    const writer = writerOf({ ...running, definition, primary: primaryIn(definition, observed) });
    const intents = decide({ definition, key, observed }, running.onDecision);
    const ended = await applyAll(writer, intents, count);
    if (!(ended instanceof Error)) return { ...ended, writes };
    if (ended instanceof WorldMoved) running.onConflict?.(definition);
    else refusal = unanswered(ended, refusal);
  }
  throw new FunctionError("ConflictsPersist", `${definition.name} of ${key.name} met conflicts only`);
}

type Ending = Pick<Outcome, "lookAgainSeconds"> | WorldMoved | WriteRefused;

/** In order, up to the first that cannot be: what follows was decided on a world that is no longer there. */
async function applyAll(writer: Writer, intents: Intent[], onWrite: (intent: Intent) => void): Promise<Ending> {
  let lookAgain = Infinity;
  try {
    for (const intent of intents) {
      if (intent.verb === "requeue") lookAgain = Math.min(lookAgain, intent.seconds);
      else if (await writer.apply(intent)) onWrite(intent);
    }
  } catch (error) {
    if (error instanceof WorldMoved || error instanceof WriteRefused) return error;
    throw error;
  }
  return lookAgain === Infinity ? {} : { lookAgainSeconds: lookAgain };
}

/** A function that reads refusals gets one to answer; a second is one that it has no answer to. */
function unanswered({ refusal }: WriteRefused, before: Refusal | undefined): Refusal {
  if (before) throw new FunctionError("RefusalUnanswered", `${refusal.verb} was refused: ${refusal.message}`);
  return refusal;
}
