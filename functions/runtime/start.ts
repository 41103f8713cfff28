// The functions of one process, however it learns of changes: visits and sweeps.
import { type Client, type Clock, type Key, keyText, type ObjectReference, systemClock } from "@knvirt/kubernetes";
import { countedRun, countedSweep } from "./counted.ts";
import { type FunctionDefinition, keysConcerned } from "./definition.ts";
import { reasonOf } from "./errors.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";
import type { Recording } from "./recording/recording.ts";
import { shared } from "./shared.ts";
import type { Swept } from "./sweep.ts";
import { createVisits, type Visits } from "./visits.ts";

export interface FunctionsOptions {
  definitions: readonly FunctionDefinition[];
  client: Client;
  /** Waits up to so long are timers of this process, longer ones are left to the sweep. */
  longestWaitSeconds?: number;
  log: Log;
  clock?: Clock;
  metrics?: FunctionMetrics | undefined;
  /** Closed with the functions. */
  recording?: Recording | undefined;
}

export interface Functions {
  readonly names: readonly string[];
  /** Begins what the change of an object asks for, of one function or of all. Failures are logged, tried again, and left to the sweep at last. */
  take(reference: ObjectReference, name?: string): void;
  /** Each function over all its objects. */
  sweep(): Promise<Swept[]>;
  readonly visits: Pick<Visits, "lastDue">;
  /** Resolves when running work has ended. */
  close(): Promise<void>;
}

/** Keys worked on at once. Each takes some reads and few writes: more would only queue at the API server. */
const concurrency = 32;
/** The longest pause that is decided on anywhere: that of a VM which fails again and again. */
const longestPauseSeconds = 300;

type Wiring = FunctionsOptions & { clock: Clock };

export function startFunctions({ clock = systemClock, ...options }: FunctionsOptions): Functions {
  const { definitions, log } = options;
  const wiring: Wiring = { ...options, clock };
  const visits = visitsOf(wiring);
  const sweeping = shared(
    (definition: FunctionDefinition) => sweepOne(wiring, visits, definition),
    ({ name }) => name,
  );
  const sweepFailed = (err: unknown): void => log.error({ err, reason: reasonOf(err) }, "sweep failed");
  const takeFor = (definition: FunctionDefinition, reference: ObjectReference): void => {
    const keys = keysConcerned(definition, reference);
    if (keys === "all") sweeping.ask(definition).catch(sweepFailed);
    // A failed visit is logged by the visits, which try again.
    else for (const key of keys) visits.visit(definition, key).catch(() => undefined);
  };
  return {
    names: definitions.map(({ name }) => name),
    take: (reference, only) => {
      const chosen = definitions.filter(({ name }) => only === undefined || name === only);
      for (const definition of chosen) takeFor(definition, reference);
    },
    sweep: async () => {
      const results: Swept[] = [];
      for (const definition of definitions) results.push(await sweeping.ask(definition));
      return results;
    },
    visits,
    close: async () => {
      await visits.close();
      await sweeping.settled();
      await options.recording?.close();
    },
  };
}

function visitsOf(wiring: Wiring): Visits {
  const { client, clock, log, metrics, recording, longestWaitSeconds = longestPauseSeconds } = wiring;
  return createVisits({
    run: countedRun(client, { clock, metrics, onDecision: recording?.onDecision }),
    onError: (err, { definition, key, isLast }) => {
      const fields = { err, function: definition.name, key: keyText(key), reason: reasonOf(err) };
      if (isLast) log.error(fields, "visit failed: left to the sweep");
      else log.warn(fields, "visit failed: tried again soon");
    },
    concurrency,
    longestWaitSeconds,
    clock,
  });
}

async function sweepOne(
  { client, clock, log, metrics, recording }: Wiring,
  visits: Visits,
  definition: FunctionDefinition,
): Promise<Swept> {
  const of = { function: definition.name };
  const onError = (err: unknown, key: Key): void =>
    log.error({ err, ...of, key: keyText(key), reason: reasonOf(err) }, "object cannot be reconciled");
  const now = (): Date => clock.now();
  const sweeping = { client, now, visits, onError, onDecision: recording?.onDecision };
  const swept = await countedSweep(sweeping, definition, { clock, metrics });
  const { objects, repairs, failures } = swept;
  if (repairs + failures > 0) log.info({ ...of, objects, repairs, failures }, "sweep found work");
  return swept;
}
