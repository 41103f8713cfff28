// Runs one job at a time per key; different keys side by side. What is asked for meanwhile becomes one more run.

export interface Workers {
  /** Run the job of this key soon, and once more if it is running. */
  poke(key: string): void;
  /** Run it then, or before. */
  pokeAt(key: string, at: Date): void;
  /** Resolves when nothing runs any more; nothing new is begun. */
  stop(): Promise<void>;
}

interface Worker {
  isRunning: boolean;
  again: boolean;
  timer: NodeJS.Timeout | undefined;
  /** When the timer fires. */
  at: number;
}

/** setTimeout takes no more. */
const longestTimerMs = 2 ** 31 - 1;

export function startWorkers(job: (key: string) => Promise<void>): Workers {
  const workers = new Map<string, Worker>();
  const running = new Set<Promise<void>>();
  let isStopping = false;

  const workerOf = (key: string): Worker => {
    const worker = workers.get(key) ?? { isRunning: false, again: false, timer: undefined, at: 0 };
    workers.set(key, worker);
    return worker;
  };
  const work = async (key: string, worker: Worker): Promise<void> => {
    worker.isRunning = true;
    while (worker.again && !isStopping) {
      worker.again = false;
      await job(key);
    }
    worker.isRunning = false;
    if (!worker.timer) workers.delete(key);
  };
  const poke = (key: string): void => {
    const worker = workerOf(key);
    worker.again = true;
    if (worker.isRunning || isStopping) return;
    const run = work(key, worker).finally(() => running.delete(run));
    running.add(run);
  };
  return {
    poke,
    pokeAt: (key, at) => {
      const worker = workerOf(key);
      // The nearest time wins: whoever looks too early asks for the later time again.
      if (isStopping || (worker.timer && worker.at <= at.getTime())) return;
      clearTimeout(worker.timer);
      worker.at = at.getTime();
      const delay = Math.min(longestTimerMs, Math.max(0, at.getTime() - Date.now()));
      worker.timer = setTimeout(() => {
        worker.timer = undefined;
        poke(key);
      }, delay);
    },
    stop: async () => {
      isStopping = true;
      for (const { timer } of workers.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
