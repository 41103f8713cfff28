// The domain's life as it happens: events of libvirt say when to look, what counts is what is then seen.
import { isDeepStrictEqual } from "node:util";
import { type Connection, onLifecycle } from "@knvirt/libvirt";
import { DomainPhase, type DomainState } from "@knvirt/proto";
import { coalesce } from "./coalesce.ts";
import { hasEnded } from "./domain-phase.ts";
import { LauncherError } from "./errors.ts";
import type { Log } from "./log.ts";
import { observe } from "./observation.ts";
import type { Life } from "./record.ts";

export type Listener = (state: DomainState) => void;

const lookAgainMs = 1_000;
/** A daemon that has just started finds out what became of its domain meanwhile, and sends no event about that. */
const looksAfterAttachMs = [250, 1_000, 3_000, 10_000];
/** Events are hints: none of them must be missed for good. */
const lookAnywayMs = 15_000;
/** In these the guest's processors have run. */
const phasesOfRun: DomainPhase[] = [DomainPhase.DOMAIN_PHASE_RUNNING, DomainPhase.DOMAIN_PHASE_SHUTOFF];

export interface DomainWatchOptions {
  name: string;
  life: Life;
  log: Log;
}

export class DomainWatch {
  /** The state that the domain ended in. */
  readonly ended: Promise<DomainState>;
  /** Looks now; answers what was seen. Fails when there is no connection. */
  readonly look: () => Promise<DomainState>;
  readonly #options: DomainWatchOptions;
  readonly #listeners = new Set<Listener>();
  readonly #end = Promise.withResolvers<DomainState>();
  #connection: Connection | undefined;
  #last: DomainState | undefined;

  constructor(options: DomainWatchOptions) {
    this.#options = options;
    this.ended = this.#end.promise;
    this.look = coalesce(() => this.#look());
  }

  /** Looks through this connection from now on. */
  async attach(connection: Connection): Promise<void> {
    this.#connection = connection;
    await onLifecycle(connection, {
      listener: (_domain, change) => {
        this.#options.log.info({ ...change }, "domain event");
        this.lookSoon();
      },
    });
    await this.look();
    for (const ms of looksAfterAttachMs) setTimeout(() => this.#lookThrough(connection), ms).unref();
    const timer = setInterval(() => this.#lookThrough(connection), lookAnywayMs).unref();
    void connection.closed.then(() => {
      clearInterval(timer);
      if (connection === this.#connection) this.#connection = undefined;
    });
  }

  #lookThrough(connection: Connection): void {
    if (connection === this.#connection) this.lookSoon();
  }

  /** The state now if it is known, then each change. Answers how to stop. */
  listen(listener: Listener): () => void {
    if (this.#last) listener(this.#last);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What fails here is tried again, unless the connection is gone: then the next one looks. */
  lookSoon(): void {
    const connection = this.#connection;
    this.look().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, "the domain could not be looked at");
      setTimeout(() => connection && this.#lookThrough(connection), lookAgainMs).unref();
    });
  }

  async #look(): Promise<DomainState> {
    const { name, life } = this.#options;
    if (!this.#connection) throw new LauncherError("LibvirtNotResponding", "there is no connection to libvirt");
    const state = await observe(this.#connection, name, life.record);
    if (!state.startedAt && phasesOfRun.includes(state.phase)) {
      state.startedAt = new Date().toISOString();
      await life.update({ startedAt: state.startedAt });
    }
    this.#publish(state);
    return state;
  }

  #publish(state: DomainState): void {
    if (isDeepStrictEqual(state, this.#last)) return;
    this.#last = state;
    this.#options.log.info({ phase: state.phase, reason: state.reason }, "domain state");
    for (const listener of this.#listeners) listener(state);
    if (hasEnded(state)) this.#end.resolve(state);
  }
}
