// Keys and passwords brought into the guest by its agent: when it comes, when a Secret changes, and again and again, as
// somebody in the guest may have changed them.
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { AccessCredential } from "@knvirt/api";
import type { AccessCredentialsState } from "@knvirt/proto";
import { LauncherError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Paths } from "../paths.ts";
import type { Channel, Command } from "./channel.ts";
import { readSecret } from "./secrets.ts";
import { isDue, type Try, tried } from "./tries.ts";
import { type Wanted, wantedOf } from "./wanted.ts";

/** As upstream. */
const lookMs = 15_000;
/** Of those that are told: there may be thousands. */
const mostFailures = 4;

export interface CredentialsOptions {
  channel: Channel;
  paths: Paths;
  log: Log;
  /** Of the instance that was started; none before. */
  wanted(): AccessCredential[];
  changed(): void;
}

interface Bringing {
  signal: AbortSignal;
  /** Why the agent did nothing just before. */
  stuck: Error | undefined;
}

export class Credentials {
  /** Undefined until it was tried, and where there is nothing to be brought. */
  state: AccessCredentialsState | undefined;
  readonly #options: CredentialsOptions;
  #following: AbortController | undefined;
  readonly #tries = new Map<string, Try>();

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** Only while the agent is there and does what it is asked. */
  follow(isThere: boolean): void {
    if (isThere === (this.#following !== undefined)) return;
    this.#following?.abort();
    this.#following = undefined;
    if (!isThere) return;
    this.#tries.clear(); // another agent, and perhaps another guest's disk
    this.#following = new AbortController();
    void this.#keepLooking(this.#following.signal);
  }

  /** The agent of an earlier life told nothing about this one. */
  forget(): void {
    this.state = undefined;
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const state = await this.#bring(signal);
      if (signal.aborted) return;
      if (state) this.#tell(state);
      await delay(lookMs, undefined, { signal, ref: false }).catch(() => undefined); // aborted
    }
  }

  #tell(state: AccessCredentialsState): void {
    const { state: before } = this;
    if (before?.isSynchronized === state.isSynchronized && before.message === state.message) return;
    this.state = state;
    this.#options.changed();
  }

  /** Undefined when there is nothing to do. */
  async #bring(signal: AbortSignal): Promise<AccessCredentialsState | undefined> {
    const { paths } = this.#options;
    const credentials = this.#options.wanted();
    if (credentials.length === 0) return undefined;
    const found = credentials.map(async (credential) => ({
      credential,
      files: await readSecret(paths, credential).catch((error: Error) => error),
    }));
    const wanted = wantedOf(await Promise.all(found));
    let stuck: Error | undefined;
    for (const one of wanted) stuck = await this.#bringWhenDue(one, { signal, stuck });
    const failures = wanted.flatMap(({ what }) => {
      const failure = this.#tries.get(what)?.failure;
      return failure === undefined ? [] : [`${what}: ${failure}`];
    });
    const more = failures.splice(mostFailures).length;
    if (more > 0) failures.push(`${more} more`);
    return { isSynchronized: failures.length === 0, message: failures.join("; ") };
  }

  /** Answers why the agent does not do anything now: then the rest need not be asked. */
  async #bringWhenDue({ what, command }: Wanted, { signal, stuck }: Bringing): Promise<Error | undefined> {
    const { log } = this.#options;
    const wish = command instanceof Error ? command.message : JSON.stringify(command.arguments);
    const digest = createHash("sha256").update(wish).digest("hex");
    const last = this.#tries.get(what);
    if (signal.aborted || (last && !isDue(last, digest, Date.now()))) return stuck;
    const failure = command instanceof Error ? command : (stuck ?? (await this.#failureOf(command)));
    if (signal.aborted) return stuck;
    if (failure) log.warn({ err: failure, what }, "an access credential could not be brought into the guest");
    this.#tries.set(what, tried(last, { digest, atMs: Date.now(), failure: failure?.message }));
    return failure instanceof LauncherError && failure.reason !== "GuestAgentFailed" ? failure : stuck;
  }

  async #failureOf(command: Command<true>): Promise<Error | undefined> {
    try {
      await this.#options.channel.ask(command);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }
}
