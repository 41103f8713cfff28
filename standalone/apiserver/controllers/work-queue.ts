// Work that may be repeated: each key is done by one worker at a time, and again when it fails or is asked for meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../log.ts";

const firstPauseMs = 50;
const longestPauseMs = 30_000;

export class WorkQueue {
  readonly #work: (key: string) => Promise<void>;
  readonly #log: Log;
  /** Keys being worked on; true when they have to be looked at again. */
  readonly #running = new Map<string, boolean>();
  readonly #workers = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(work: (key: string) => Promise<void>, log: Log) {
    this.#work = work;
    this.#log = log;
  }

  add(key: string): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#running.has(key)) {
      this.#running.set(key, true);
      return;
    }
    const worker = this.#until(key);
    this.#workers.add(worker);
    void worker.finally(() => this.#workers.delete(worker));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#workers);
  }

  async #until(key: string): Promise<void> {
    let pauseMs = firstPauseMs;
    const { signal } = this.#stopping;
    do {
      this.#running.set(key, false);
      try {
        await this.#work(key);
        pauseMs = firstPauseMs;
      } catch (error) {
        this.#log.warn({ key, error }, "background work failed and is tried again");
        this.#running.set(key, true);
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    } while (this.#running.get(key) && !signal.aborted);
    this.#running.delete(key);
  }
}
