// Functions that follow the changes they look at by themselves, and sweep: all that a controller does, without what it
// tells of itself.
import { systemClock } from "@knvirt/kubernetes";
import { watchedBy } from "./definition.ts";
import { startEventSource } from "./event-source.ts";
import { type FunctionsOptions, startFunctions } from "./start.ts";
import { startSweeping } from "./sweep-timer.ts";

export interface ControlLoopOptions extends FunctionsOptions {
  /** From the end of one sweep to the next; 0 for none at all. */
  sweepSeconds: number;
}

export interface ControlLoop {
  /** Of the functions. */
  readonly names: readonly string[];
  /** Resolves when it follows all that it has to. */
  readonly synced: Promise<void>;
  /** Resolves when running work has ended. */
  close(): Promise<void>;
}

export function startControlLoop(options: ControlLoopOptions): ControlLoop {
  const { client, clock = systemClock, definitions, log, sweepSeconds } = options;
  const functions = startFunctions({ ...options, clock });
  const source = startEventSource({
    client,
    watched: watchedBy(definitions),
    deliver: ({ reference }) => functions.take(reference),
    tellsExisting: false, // the first sweep looks at all of it
    onError: (err) => log.warn({ err }, "objects cannot be watched: tried again"),
    clock,
  });
  let isClosed = false;
  let stopSweeping = (): void => undefined;
  // Not before all is followed: what changes behind the sweep's back is told then.
  const synced = source.synced.then(() => {
    if (!isClosed) stopSweeping = startSweeping({ seconds: sweepSeconds, sweep: functions.sweep, log, clock });
  });
  return {
    names: functions.names,
    synced,
    close: async () => {
      isClosed = true;
      source.close();
      stopSweeping();
      await functions.close();
    },
  };
}
