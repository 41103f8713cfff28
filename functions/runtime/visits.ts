// Who works on a key and when: one worker at a time, requests that arrive meanwhile share the next visit, and a key that
// asks to be looked at again, or whose visit failed, is visited later.
import { type Clock, type Key, keyText } from "@knvirt/kubernetes";
import { createAgenda } from "./agenda.ts";
import type { FunctionDefinition } from "./definition.ts";
import { limit } from "./limit.ts";
import type { Outcome } from "./run.ts";
import { shared } from "./shared.ts";

export interface Visits {
  /** Rejects when the visit fails, though it is tried again all the same. */
  visit(definition: FunctionDefinition, key: Key): Promise<Outcome>;
  /** Visits a key after a pause unless somebody is with it or comes before. */
  visitLater(definition: FunctionDefinition, key: Key, seconds: number): void;
  /** When the last key that waits is to be visited, in milliseconds of the clock's `elapsedMs()`; undefined when none waits. */
  lastDue(): number | undefined;
  /** Ends all waits; resolves when nobody works any more. */
  close(): Promise<void>;
}

export interface VisitOptions {
  run(definition: FunctionDefinition, key: Key): Promise<Outcome>;
  /** Told of each failure, and whether it was the last of its tries: then the key is left to the sweep. */
  onError(error: unknown, failure: Failure): void;
  /** Keys worked on at once. */
  concurrency: number;
  /** Longer waits are left to the sweep: what is waited for stands in the object's status. */
  longestWaitSeconds: number;
  clock: Clock;
}

interface Target {
  definition: FunctionDefinition;
  key: Key;
}

export interface Failure extends Target {
  isLast: boolean;
}

/** As often as Knative's source sends an event whose receiver is in trouble. */
const tries = 5;
const firstPauseSeconds = 0.2;

export function createVisits({ run, onError, concurrency, longestWaitSeconds, clock }: VisitOptions): Visits {
  const limited = limit(concurrency);
  const agenda = createAgenda(clock);
  const failures = new Map<string, number>();

  const later = (target: Target, seconds = Infinity): void => {
    // A failure is told when it happens.
    const begin = () => void visiting.ask(target).catch(() => undefined);
    if (seconds <= longestWaitSeconds) agenda.set(idOf(target), seconds, begin);
  };
  const succeeded = (target: Target, outcome: Outcome): Outcome => {
    failures.delete(idOf(target));
    later(target, outcome.lookAgainSeconds);
    return outcome;
  };
  const failed = (target: Target, error: unknown): never => {
    const count = (failures.get(idOf(target)) ?? 0) + 1;
    const isLast = count === tries;
    onError(error, { ...target, isLast });
    if (isLast) failures.delete(idOf(target));
    else {
      failures.set(idOf(target), count);
      later(target, firstPauseSeconds * 2 ** (count - 1));
    }
    throw error;
  };
  const visiting = shared((target: Target): Promise<Outcome> => {
    agenda.clear(idOf(target));
    const { definition, key } = target;
    return limited(() => run(definition, key)).then(
      (outcome) => succeeded(target, outcome),
      (error) => failed(target, error),
    );
  }, idOf);

  return {
    visit: (definition, key) => visiting.ask({ definition, key }),
    visitLater: (definition, key, seconds) => {
      const target = { definition, key };
      if (!visiting.isBusy(target) && !agenda.has(idOf(target))) later(target, seconds);
    },
    lastDue: agenda.lastDue,
    close: () => {
      agenda.close();
      return visiting.settled();
    },
  };
}

const idOf = ({ definition, key }: Target): string => `${definition.name} ${keyText(key)}`;
