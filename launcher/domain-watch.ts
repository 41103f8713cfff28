// The domain's life as it happens: events of libvirt say when to look, what counts is what is then seen.
import { isDeepStrictEqual } from "node:util";
import type { Connection } from "@knvirt/libvirt";
import { DomainPhase, type DomainState } from "@knvirt/proto";
import type { GuestAgent } from "./agent/index.ts";
import { coalesce } from "./coalesce.ts";
import { hasEnded } from "./domain-phase.ts";
import { LauncherError } from "./errors.ts";
import { onHappenings } from "./happenings.ts";
import { type Happening, happeningsBefore, withHappening } from "./journal.ts";
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
  /** What its agent says of the guest, to be told with the state of its domain. */
  guest: Pick<GuestAgent, "observe">;
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
  #heard = 0;

  constructor(options: DomainWatchOptions) {
    this.#options = options;
    this.ended = this.#end.promise;
    this.look = coalesce(() => this.#look());
  }

  /** Looks through this connection from now on. */
  async attach(connection: Connection): Promise<void> {
    this.#connection = connection;
    const { log } = this.#options;
    await onHappenings(connection, {
      heard: (happening, change) => {
        log.info({ ...happening, ...change }, "domain event");
        this.#heard += 1;
        this.note(happening);
      },
      onError: (error) => {
        log.warn({ err: error }, "an event could not be understood");
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

  /** Keeps what happened, and tells it with the next look. */
  note(happening: Happening | undefined): void {
    if (happening) this.#keep(happening);
    this.lookSoon();
  }

  #keep(happening: Happening): void {
    const { life, log } = this.#options;
    const record = withHappening(life.record, happening, new Date());
    // A full disk keeps nobody from hearing of it now, and the next change is written together with this one.
    if (record) life.update(record).catch((error: unknown) => log.warn({ err: error }, "an event could not be kept"));
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
    const heard = this.#heard;
    const state = await observe(this.#connection, name, life.record);
    if (!state.startedAt && phasesOfRun.includes(state.phase)) {
      state.startedAt = new Date().toISOString();
      await life.update({ startedAt: state.startedAt });
    }
    // While events came in, the state may be older than they are; an end is final.
    if (heard === this.#heard || hasEnded(state))
      for (const happening of happeningsBefore(state, life.record)) this.#keep(happening);
    state.events = life.record.events ?? [];
    const told = { ...state, ...this.#options.guest.observe(state) };
    this.#publish(told);
    return told;
  }

  #publish(state: DomainState): void {
    if (isDeepStrictEqual(state, this.#last)) return;
    this.#last = state;
    this.#options.log.info({ phase: state.phase, reason: state.reason }, "domain state");
    for (const listener of this.#listeners) listener(state);
    if (hasEnded(state)) this.#end.resolve(state);
  }
}
