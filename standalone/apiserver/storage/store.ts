// Durable objects with one global resourceVersion: writes in groups that share one commit, reads of what is committed.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { compactedRevision, compactHistory } from "./compaction.ts";
import { openDatabase } from "./database.ts";
import { type Reads, reads } from "./reads.ts";
import { type Transaction, WriteSession } from "./transaction.ts";
import type { Change } from "./version.ts";

export interface StoreOptions {
  path: string;
  /** How many changes back a watch or a paged list may resume. */
  history?: number;
}

type Outcome = { settle(): void };

interface PendingWrite {
  attempt(session: WriteSession): Outcome;
  fail(error: unknown): void;
}

/** Thrown inside a dry run to undo what it wrote; never leaves this file. */
class DryRunDone extends Error {}

export class Store {
  readonly read: Reads;
  readonly #database: DatabaseSync;
  readonly #session: WriteSession;
  readonly #history: number;
  readonly #listeners = new Set<(changes: Change[]) => void>();
  #queue: PendingWrite[] = [];
  #compacted: number;

  constructor({ path, history = 10_000 }: StoreOptions) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#database = openDatabase(path);
    this.#compacted = compactedRevision(this.#database);
    this.#history = history;
    const last = this.#database.prepare("SELECT max(revision) AS revision FROM version").get();
    this.read = reads(this.#database);
    this.#session = new WriteSession(this.#database, this.read, Number(last?.revision ?? 0));
  }

  /** The resourceVersion of the latest committed write. */
  get revision(): number {
    return this.#session.revision;
  }

  /** Changes up to this one can no longer be told apart; lists and watches may start from it or later. */
  get compacted(): number {
    return this.#compacted;
  }

  /** Listeners run after the commit and before the writers are answered, in order, and must not throw. */
  onCommit(listener: (changes: Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs the write alone in the transaction; resolves when it is on disk. A write that throws leaves nothing. */
  write<Result>(write: (transaction: Transaction) => Result, { dryRun = false } = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#queue.length === 0) setImmediate(() => this.#commit());
      this.#queue.push({
        attempt: (session) => {
          const outcome = this.#attempt(session, write, dryRun);
          return { settle: () => ("error" in outcome ? reject(outcome.error) : resolve(outcome.result)) };
        },
        fail: reject,
      });
    });
  }

  close(): void {
    this.#commit();
    this.#listeners.clear();
    this.#database.close();
  }

  #attempt<Result>(
    session: WriteSession,
    write: (transaction: Transaction) => Result,
    dryRun: boolean,
  ): { result: Result } | { error: unknown } {
    const { revision, changes } = session;
    const before = changes.length;
    let result: Result | undefined;
    this.#database.exec("SAVEPOINT write");
    session.isTrial = dryRun;
    try {
      result = write(session);
      if (dryRun) throw new DryRunDone();
      this.#database.exec("RELEASE write");
      return { result };
    } catch (error) {
      this.#database.exec("ROLLBACK TO write; RELEASE write");
      session.revision = revision;
      changes.length = before;
      return error instanceof DryRunDone ? { result: result as Result } : { error };
    }
  }

  #commit(): void {
    const batch = this.#queue;
    if (batch.length === 0) return;
    this.#queue = [];
    const session = this.#session;
    const { revision } = session;
    session.changes = [];
    let outcomes: Outcome[];
    try {
      outcomes = this.#inTransaction(() => batch.map((write) => write.attempt(session)));
    } catch (error) {
      session.revision = revision;
      for (const write of batch) write.fail(error);
      return;
    }
    if (session.changes.length > 0) for (const listener of this.#listeners) listener(session.changes);
    for (const outcome of outcomes) outcome.settle();
  }

  #inTransaction<Result>(work: () => Result): Result {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      const target = this.#session.revision - this.#history;
      // In steps, so that most commits have nothing to compact.
      const compacted = target - this.#compacted >= this.#history / 10 ? target : this.#compacted;
      if (compacted !== this.#compacted) compactHistory(this.#database, this.#compacted, compacted);
      this.#database.exec("COMMIT");
      this.#compacted = compacted;
      return result;
    } catch (error) {
      // SQLite has already rolled back by itself after some failures, such as a full disk.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
