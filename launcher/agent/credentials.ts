// Keys and passwords brought into the guest by its agent: when it comes, when a Secret changes, and again and again, as
// somebody in the guest may have changed them.
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { AccessCredential } from "@knvirt/api";
import type { AccessCredentialsState } from "@knvirt/proto";
import type { Log } from "../log.ts";
import type { Paths } from "../paths.ts";
import type { Channel } from "./channel.ts";
import { setKeys, setPassword } from "./commands.ts";
import { keysIn, readSecret } from "./secrets.ts";
import { isDue, type Try, tried } from "./tries.ts";

/** As upstream. */
const lookMs = 15_000;

export interface CredentialsOptions {
  channel: Channel;
  paths: Paths;
  log: Log;
  /** Of the instance that was started; none before. */
  wanted(): AccessCredential[];
  changed(): void;
}

export class Credentials {
  /** Undefined until it was tried, and where there is nothing to be brought. */
  state: AccessCredentialsState | undefined;
  readonly #options: CredentialsOptions;
  #following: AbortController | undefined;
  readonly #tries = new Map<number, Try>();

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** Only while the agent is there and the guest runs. */
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
    const wanted = this.#options.wanted();
    for (const [index, credential] of wanted.entries()) await this.#bringWhenDue(index, credential, signal);
    if (wanted.length === 0) return undefined;
    const failures = [...this.#tries].flatMap(([index, { failure }]) =>
      failure === undefined ? [] : [`accessCredentials of the agent, number ${index + 1}: ${failure}`],
    );
    return { isSynchronized: failures.length === 0, message: failures.join("; ") };
  }

  async #bringWhenDue(index: number, credential: AccessCredential, signal: AbortSignal): Promise<void> {
    const { paths, log } = this.#options;
    const files = await readSecret(paths, credential).catch((error: Error) => error);
    const digest = createHash("sha256").update(JSON.stringify(files)).digest("hex");
    const last = this.#tries.get(index);
    if (last && !isDue(last, digest, Date.now())) return;
    const failure = files instanceof Error ? files : await this.#bringOne(credential, files);
    if (signal.aborted) return;
    if (failure) log.warn({ err: failure }, "an access credential could not be brought into the guest");
    this.#tries.set(index, tried(last, { digest, atMs: Date.now(), failure: failure?.message }));
  }

  async #bringOne(credential: AccessCredential, files: [string, string][]): Promise<Error | undefined> {
    const { channel } = this.#options;
    const users = credential.sshPublicKey?.propagationMethod.qemuGuestAgent?.users ?? [];
    try {
      for (const user of users) await channel.ask(setKeys(user, keysIn(files)));
      if (credential.userPassword)
        for (const [user, password] of files) await channel.ask(setPassword(user, password.trimEnd()));
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }
}
