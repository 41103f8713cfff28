// Questions to the committed objects and their history.
import type { DatabaseSync } from "node:sqlite";
import { type Change, type ObjectKey, Version } from "./version.ts";

/** Where a page begins: behind this object, in order of namespace and name. */
export interface Position {
  namespace: string;
  name: string;
}

interface Scope {
  resource: string;
  /** Absent: all namespaces. */
  namespace?: string | undefined;
}

interface Page {
  after?: Position | undefined;
  limit?: number | undefined;
  /** Look at the objects as they were at this revision. */
  at?: number | undefined;
}

export interface Reads {
  get(key: ObjectKey): Version | undefined;
  list(scope: Scope, page?: Page): { position: Position; version: Version }[];
  /** How many objects a snapshot still has behind a position. */
  count(scope: Scope, page: Page): number;
  changesAfter(revision: number, scope: Scope): Change[];
  findByUid(uid: string): ObjectKey | undefined;
  dependents(ownerUid: string): ObjectKey[];
  /** Owners that somebody refers to and that are not stored. */
  missingOwners(): string[];
  /** Objects whose deletion waits for finalizers of the garbage collector, by uid. */
  endingOwners(): string[];
}

interface Row {
  revision: number;
  resource: string;
  namespace: string;
  name: string;
  change: Change["type"];
  text: string;
  previous: number | null;
  previousText: string | null;
}

const live = `
  FROM object JOIN version ON version.revision = object.revision
  WHERE object.resource = :resource
  AND (object.namespace, object.name) > (:afterNamespace, :afterName) AND object.namespace <= :lastNamespace`;

const snapshot = `
  FROM version AS object
  WHERE resource = :resource
  AND (namespace, name) > (:afterNamespace, :afterName) AND namespace <= :lastNamespace
  AND revision <= :at AND change <> 'DELETED'
  AND NOT EXISTS (SELECT 1 FROM version AS later WHERE later.resource = object.resource
    AND later.namespace = object.namespace AND later.name = object.name
    AND later.revision > object.revision AND later.revision <= :at)`;

/** Sorts behind every namespace. */
const behindAll = "\u{10FFFF}";

const parameters = ({ resource, namespace }: Scope, { after, at }: Page) => ({
  resource,
  afterNamespace: after?.namespace ?? namespace ?? "",
  afterName: after?.name ?? "",
  lastNamespace: namespace ?? behindAll,
  ...(at !== undefined && { at }),
});

function prepare(database: DatabaseSync) {
  const columns = "SELECT object.revision, object.namespace, object.name, text";
  const ordered = "ORDER BY object.namespace, object.name LIMIT :limit";
  return {
    get: database.prepare(
      `SELECT version.revision, text FROM object JOIN version ON version.revision = object.revision
       WHERE object.resource = :resource AND object.namespace = :namespace AND object.name = :name`,
    ),
    list: database.prepare(`${columns} ${live} ${ordered}`),
    listAt: database.prepare(`${columns} ${snapshot} ${ordered}`),
    count: database.prepare(`SELECT count(*) AS n ${live}`),
    countAt: database.prepare(`SELECT count(*) AS n ${snapshot}`),
    changes: database.prepare(
      `SELECT version.*, before.text AS previousText FROM version
       LEFT JOIN version AS before ON before.revision = version.previous
       WHERE version.revision > :revision AND version.resource = :resource
       AND (:namespace IS NULL OR version.namespace = :namespace) ORDER BY version.revision`,
    ),
    byUid: database.prepare("SELECT resource, namespace, name FROM object WHERE uid = ?"),
    dependents: database.prepare("SELECT resource, namespace, name FROM dependent WHERE owner = ?"),
    missingOwners: database.prepare(
      "SELECT DISTINCT owner FROM dependent WHERE NOT EXISTS (SELECT 1 FROM object WHERE uid = owner)",
    ),
    endingOwners: database.prepare(
      `SELECT uid FROM object JOIN version ON version.revision = object.revision
       WHERE json_extract(text, '$.metadata.deletionTimestamp') IS NOT NULL
       AND (text LIKE '%"foregroundDeletion"%' OR text LIKE '%"orphan"%')`,
    ),
  };
}

export function reads(database: DatabaseSync): Reads {
  const statements = prepare(database);
  const all = (scope: Scope, page: Page): Row[] => {
    const statement = page.at === undefined ? statements.list : statements.listAt;
    return statement.all({ ...parameters(scope, page), limit: page.limit ?? -1 }) as unknown as Row[];
  };
  return {
    get: (key) => {
      const row = statements.get.get({ ...key }) as unknown as Row | undefined;
      return row && new Version(row.revision, row.text);
    },
    list: (scope, page = {}) =>
      all(scope, page).map(({ namespace, name, revision, text }) => ({
        position: { namespace, name },
        version: new Version(revision, text),
      })),
    count: (scope, page) => {
      const statement = page.at === undefined ? statements.count : statements.countAt;
      return Number(statement.get(parameters(scope, page))?.n);
    },
    changesAfter: (revision, { resource, namespace }) =>
      (statements.changes.all({ revision, resource, namespace: namespace ?? null }) as unknown as Row[]).map(
        toChange,
      ),
    findByUid: (uid) => statements.byUid.get(uid) as ObjectKey | undefined,
    dependents: (ownerUid) => statements.dependents.all(ownerUid) as unknown as ObjectKey[],
    missingOwners: () => statements.missingOwners.all().map((row) => String(row.owner)),
    endingOwners: () => statements.endingOwners.all().map((row) => String(row.uid)),
  };
}

const toChange = (row: Row): Change => ({
  key: { resource: row.resource, namespace: row.namespace, name: row.name },
  type: row.change,
  version: new Version(row.revision, row.text),
  previous:
    row.previous === null || row.previousText === null ? undefined : new Version(row.previous, row.previousText),
});
