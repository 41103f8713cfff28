// The SQLite file: its tables, and the settings that make an answered write survive SIGKILL and power loss.
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * Every version of every object is a row of `version`, numbered by resourceVersion; `object` points at the live one.
 * Superseded versions and tombstones stay for a while: they are the history that watches and paged lists resume from.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS version (
    revision INTEGER PRIMARY KEY,
    resource TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    change TEXT NOT NULL,
    previous INTEGER,
    text TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS version_by_key ON version (resource, namespace, name, revision, change);
  CREATE TABLE IF NOT EXISTS object (
    resource TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (resource, namespace, name)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS object_by_uid ON object (uid);
  CREATE TABLE IF NOT EXISTS dependent (
    owner TEXT NOT NULL,
    resource TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (owner, resource, namespace, name)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS compaction (revision INTEGER NOT NULL);
`;

/** A predecessor that was just killed may still hold the lock for a moment. */
const lockTimeoutMs = 1000;

/** Exclusive: two servers on one file would each believe to be the only writer. The lock ends with the process. */
export function openDatabase(path: string): DatabaseSync {
  // It holds Secrets. The write-ahead log takes the mode of the database.
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    database.exec(tables);
    return database;
  } catch (error) {
    database.close();
    throw new Error(`object store ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
}
