// The guest's file systems at rest: never longer than was asked for, whatever becomes of who asked, or of this process.
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Life } from "../record.ts";
import type { Channel } from "./channel.ts";
import * as commands from "./commands.ts";

const retryMs = 5_000;

export interface FreezingOptions {
  channel: Channel;
  life: Life;
  log: Log;
  /** Whether they are at rest was changed. */
  changed(status: "frozen" | "thawed"): void;
}

export class Freezing {
  readonly #options: FreezingOptions;
  #timer = new AbortController();

  /** Goes on with what a process before this one had promised. */
  constructor(options: FreezingOptions) {
    this.#options = options;
    this.#thawInTime();
  }

  /** Nothing happens to what is frozen, but that its time begins anew. 0 seconds leave it frozen. */
  async freeze(seconds: number): Promise<void> {
    if ((await this.#options.channel.ask(commands.freezeStatus)) !== "frozen") await this.#freeze(seconds);
    this.#options.changed("frozen");
    await this.#note(seconds > 0 ? Date.now() + seconds * 1000 : undefined);
  }

  async thaw(): Promise<void> {
    await this.#options.channel.ask(commands.thaw);
    this.#options.changed("thawed");
    await this.#note(undefined);
  }

  close(): void {
    this.#timer.abort();
  }

  async #freeze(seconds: number): Promise<void> {
    const longestMs = ((commands.freeze.seconds ?? 0) + seconds) * 1000;
    // Before it is frozen: this process may die in between.
    if (seconds > 0) await this.#promise(Date.now() + longestMs);
    try {
      await this.#options.channel.ask(commands.freeze);
    } catch (error) {
      await this.#note(Date.now()); // what was not answered may still happen
      throw error;
    }
  }

  /** This process holds to it in any case, the next one when it is on disk. */
  async #promise(thawAtMs: number | undefined): Promise<void> {
    const kept = this.#options.life.update({ thawAtMs });
    this.#thawInTime();
    await kept;
  }

  /** What was done is done, on a full disk too. */
  async #note(thawAtMs: number | undefined): Promise<void> {
    await this.#promise(thawAtMs).catch((error: unknown) =>
      this.#options.log.warn({ err: error }, "when the guest is to be thawed could not be kept"),
    );
  }

  #thawInTime(): void {
    this.#timer.abort();
    this.#timer = new AbortController();
    const { thawAtMs } = this.#options.life.record;
    if (thawAtMs !== undefined) void this.#thawLater(thawAtMs, this.#timer.signal);
  }

  /** Tried until it works: a guest that stays frozen is as good as dead. */
  async #thawLater(thawAtMs: number, signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    const wait = (ms: number) => delay(ms, undefined, { signal, ref: false }).catch(() => undefined); // aborted
    await wait(Math.max(0, thawAtMs - Date.now()));
    for (let level: "warn" | "debug" = "warn"; !signal.aborted; level = "debug") {
      try {
        await this.thaw();
        log.warn({}, "the guest was thawed because its time was over");
        return;
      } catch (error) {
        log[level]({ err: error }, "the guest could not be thawed yet");
      }
      await wait(retryMs);
    }
  }
}
