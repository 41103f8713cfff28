// What must not happen in any run, whatever is played: code that fails, and work that does not end.
import type { World } from "../engine/world.ts";
import { Violation } from "../invariants/index.ts";
import type { OnLog } from "../system/log.ts";

export interface Watchdog {
  onLog: OnLog;
  /** Throws the first Violation. */
  look(world: World): void;
  close(): void;
}

/** Of a run; the longest quiet ones take a tenth of it. */
const mostSteps = 3_000_000;
const mostStepsPerSecond = 50_000;

const isMistake = (error: unknown): error is Error =>
  error instanceof TypeError ||
  error instanceof ReferenceError ||
  error instanceof RangeError ||
  error instanceof SyntaxError;

export function startWatchdog(): Watchdog {
  let found: Violation | undefined;
  let second = { atMs: 0, steps: 0 };
  const complain = (invariant: string, object: string, message: string): void => {
    found ??= new Violation(invariant, { object, message });
  };
  const unhandled = (error: unknown): void =>
    complain("rejectionsAreCaught", "a promise", `was rejected and nobody looked: ${stackOf(error)}`);
  process.on("unhandledRejection", unhandled);
  return {
    onLog: ({ process: name, sentence, err }) => {
      if (isMistake(err)) complain("codeDoesNotFail", name, `logged "${sentence}": ${stackOf(err)}`);
    },
    look: ({ timeline: { nowMs, steps } }) => {
      if (nowMs - second.atMs >= 1_000) second = { atMs: nowMs, steps };
      if (steps - second.steps > mostStepsPerSecond)
        complain("workEnds", "the world", `did more than ${mostStepsPerSecond} things within a second`);
      if (steps > mostSteps) complain("workEnds", "the run", `did more than ${mostSteps} things`);
      if (found) throw found;
    },
    close: () => void process.off("unhandledRejection", unhandled),
  };
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
