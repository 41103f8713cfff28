// When the agent is asked what: what status shows, at once and then less and less often, because each question costs the
// guest time; all that only a user wants to know, when one does.
import { setTimeout as delay } from "node:timers/promises";
import { coalesce } from "../coalesce.ts";
import { LauncherError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Channel } from "./channel.ts";
import { filesystems, freezeStatus, hostName, info, interfaces, osInfo, timeZone, users } from "./commands.ts";
import type { Answers } from "./guest-info.ts";

const [firstPauseMs, longestPauseMs] = [10_000, 120_000];
/** Two users who ask at the same time get the same answers. */
const freshMs = 5_000;

const commands = { info, osInfo, interfaces, freezeStatus, hostName, timeZone, users, filesystems };
/** First whether it is frozen: then its agent answers nothing else, and what it said before still holds. */
const ofStatus = ["freezeStatus", "info", "osInfo", "interfaces"] as const satisfies (keyof Answers)[];
const ofUsers = ["hostName", "timeZone", "users", "filesystems"] as const satisfies (keyof Answers)[];

export interface QuestionsOptions {
  channel: Channel;
  log: Log;
  /** The answers are others than before, or the first. */
  answered(): void;
}

export class Questions {
  answers: Answers = {};
  /** The agent has answered, or failed to, since it is asked. */
  hasAnswered = false;
  /** Asks for everything, unless that was done just now. */
  readonly askAll: () => Promise<Answers>;
  readonly #options: QuestionsOptions;
  #asking: AbortController | undefined;
  #allAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: QuestionsOptions) {
    this.#options = options;
    this.askAll = coalesce(() => this.#askAll());
  }

  /** Only while the agent is there and the guest runs. */
  follow(isThere: boolean): void {
    if (isThere === (this.#asking !== undefined)) return;
    this.#asking?.abort();
    this.#asking = undefined;
    if (!isThere) return;
    this.#asking = new AbortController();
    void this.#keepAsking(this.#asking.signal);
  }

  /** What the agent of an earlier life said is not the guest's state any more. */
  forget(): void {
    this.answers = {};
    this.hasAnswered = false;
    this.#allAtMs = Number.NEGATIVE_INFINITY;
  }

  async #keepAsking(signal: AbortSignal): Promise<void> {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      await this.#ask(ofStatus, signal);
      if (signal.aborted) return;
      this.hasAnswered = true;
      this.#options.answered();
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined); // aborted
    }
  }

  async #askAll(): Promise<Answers> {
    if (Date.now() - this.#allAtMs < freshMs) return this.answers;
    const stuck = await this.#ask([...ofStatus, ...ofUsers]);
    if (stuck) throw stuck;
    this.#allAtMs = Date.now();
    this.#options.answered();
    return this.answers;
  }

  /** One after the other. When the agent is stuck, the rest need not be asked. */
  async #ask(names: readonly (keyof Answers)[], signal?: AbortSignal): Promise<LauncherError | undefined> {
    for (const name of names) {
      const answer = await this.#options.channel.ask<unknown>(commands[name]).catch((error: unknown) => error);
      if (signal?.aborted) return undefined;
      if (answer instanceof LauncherError && answer.reason !== "GuestAgentFailed") return answer;
      this.#keep(name, answer);
      if (this.answers.freezeStatus === "frozen") return undefined;
    }
    return undefined;
  }

  /** What the agent refuses is not known. */
  #keep(name: keyof Answers, answer: unknown): void {
    const isRefused = answer instanceof Error;
    if (isRefused) this.#options.log.debug({ err: answer }, "the guest agent was asked in vain");
    this.answers = { ...this.answers, [name]: isRefused ? undefined : answer };
  }
}
