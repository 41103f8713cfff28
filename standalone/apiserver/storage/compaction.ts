// Forgetting old versions: what no snapshot at or after the compacted revision can see.
import type { DatabaseSync } from "node:sqlite";

export function compactedRevision(database: DatabaseSync): number {
  return Number(database.prepare("SELECT max(revision) AS revision FROM compaction").get()?.revision ?? 0);
}

/** A version goes when it was superseded in the range, or is itself the tombstone of an object deleted in it. */
export function compactHistory(database: DatabaseSync, from: number, to: number): void {
  database
    .prepare(
      `DELETE FROM version WHERE revision IN
         (SELECT previous FROM version WHERE revision > ? AND revision <= ? AND previous IS NOT NULL)`,
    )
    .run(from, to);
  database.prepare("DELETE FROM version WHERE revision > ? AND revision <= ? AND change = 'DELETED'").run(from, to);
  database.exec("DELETE FROM compaction");
  database.prepare("INSERT INTO compaction VALUES (?)").run(to);
}
