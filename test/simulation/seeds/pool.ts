// Plays many seeds in several processes at once.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Outcome } from "./outcome.ts";
import type { Task } from "./worker.ts";

export interface Seeds {
  first: number;
  count: number;
  workers: number;
  isChecked: boolean;
  /** None is begun after so long, or once the signal says so. */
  seconds: number;
  signal: AbortSignal;
  /** Answers whether to go on. */
  onOutcome(outcome: Outcome): boolean;
}

/** Of one seed: a thousand times as long as most take. */
const patienceMs = 180_000;

export async function playSeeds(seeds: Seeds): Promise<void> {
  const overdue = Date.now() + seeds.seconds * 1000;
  let next = seeds.first;
  let isOver = false;
  const take = (): number | undefined => {
    if (isOver || seeds.signal.aborted || next >= seeds.first + seeds.count || Date.now() > overdue) return undefined;
    next += 1;
    return next - 1;
  };
  const onOutcome = (outcome: Outcome): void => {
    if (!isOver && !seeds.onOutcome(outcome)) isOver = true;
  };
  const workers = Math.min(seeds.workers, seeds.count);
  await Promise.all(
    Array.from({ length: workers }, () => runWorker({ take, onOutcome, isChecked: seeds.isChecked })),
  );
}

interface Work {
  take(): number | undefined;
  onOutcome(outcome: Outcome): void;
  isChecked: boolean;
}

function runWorker(work: Work): Promise<void> {
  const child = fork(join(import.meta.dirname, "worker.ts"));
  return new Promise((resolve, reject) => {
    let seed: number | undefined;
    let impatience: NodeJS.Timeout | undefined;
    const giveNext = (): void => {
      clearTimeout(impatience);
      seed = work.take();
      if (seed === undefined) {
        child.disconnect();
        return;
      }
      impatience = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      child.send({ seed, isChecked: work.isChecked } satisfies Task);
    };
    child.on("message", (outcome: Outcome) => {
      work.onOutcome(outcome);
      giveNext();
    });
    child.on("error", reject);
    child.on("exit", () => {
      clearTimeout(impatience);
      if (seed === undefined) return resolve();
      work.onOutcome(unended(seed, child));
      return resolve(runWorker(work));
    });
    giveNext();
  });
}

const unended = (seed: number, { exitCode, signalCode }: ChildProcess): Outcome => ({
  ...{ seed, steps: 0, virtualMs: 0, writes: 0, digest: "", happened: {}, planned: {}, running: 0 },
  violation: {
    invariant: "runEnds",
    object: `seed ${seed}`,
    message: `did not end in order: its process ended with ${signalCode ?? exitCode}, SIGKILL after ${patienceMs / 1000} s`,
  },
});
