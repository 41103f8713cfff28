// Reads and writes inside one database transaction: what was read cannot change before what is written is committed.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type KubernetesObject, withMetadata } from "../object.ts";
import type { Reads } from "./reads.ts";
import { type Change, type ObjectKey, Version } from "./version.ts";

export interface Transaction {
  get(key: ObjectKey): Version | undefined;
  /** Creates or replaces; answers the object as stored, with its new resourceVersion. */
  put(key: ObjectKey, object: KubernetesObject): KubernetesObject;
  remove(key: ObjectKey, lastState?: KubernetesObject): KubernetesObject;
}

const order = (object: KubernetesObject): KubernetesObject => {
  const { apiVersion, kind, metadata, ...rest } = object;
  return { apiVersion, kind, metadata, ...rest };
};

/** The statements are prepared once; a batch of writes shares the numbering and collects its changes. */
export class WriteSession implements Transaction {
  revision: number;
  /** What is written now will be undone: it gets no version of its own. */
  isTrial = false;
  changes: Change[] = [];
  readonly #reads: Reads;
  readonly #insertVersion: StatementSync;
  readonly #point: StatementSync;
  readonly #forget: StatementSync;
  readonly #addOwner: StatementSync;
  readonly #dropOwners: StatementSync;

  constructor(database: DatabaseSync, reads: Reads, revision: number) {
    this.revision = revision;
    this.#reads = reads;
    this.#insertVersion = database.prepare("INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#point = database.prepare("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?)");
    this.#forget = database.prepare("DELETE FROM object WHERE resource = ? AND namespace = ? AND name = ?");
    this.#addOwner = database.prepare("INSERT OR IGNORE INTO dependent VALUES (?, ?, ?, ?)");
    this.#dropOwners = database.prepare(
      "DELETE FROM dependent WHERE owner = ? AND resource = ? AND namespace = ? AND name = ?",
    );
  }

  get(key: ObjectKey): Version | undefined {
    return this.#reads.get(key);
  }

  put(key: ObjectKey, object: KubernetesObject): KubernetesObject {
    const previous = this.get(key);
    const { version, stored } = this.#append(key, { type: previous ? "MODIFIED" : "ADDED", previous, object });
    this.#point.run(key.resource, key.namespace, key.name, stored.metadata.uid, version.revision);
    this.#recordOwners(key, previous, version);
    return stored;
  }

  remove(key: ObjectKey, lastState?: KubernetesObject): KubernetesObject {
    const previous = this.get(key);
    if (!previous) throw new Error(`${key.resource} ${key.namespace}/${key.name} is not stored`);
    const object = lastState ?? previous.object;
    const { stored } = this.#append(key, { type: "DELETED", previous, object });
    this.#forget.run(key.resource, key.namespace, key.name);
    this.#recordOwners(key, previous, undefined);
    return stored;
  }

  #append(
    key: ObjectKey,
    change: { type: Change["type"]; previous: Version | undefined; object: KubernetesObject },
  ): { version: Version; stored: KubernetesObject } {
    const { type, previous, object } = change;
    this.revision += 1;
    const present = previous?.object.metadata.resourceVersion;
    const resourceVersion = this.isTrial ? present : String(this.revision);
    const stored = order(withMetadata(object, { resourceVersion }));
    const text = JSON.stringify(stored);
    const { resource, namespace, name } = key;
    this.#insertVersion.run(this.revision, resource, namespace, name, type, previous?.revision ?? null, text);
    const version = new Version(this.revision, text, stored);
    this.changes.push({ key, type, version, previous });
    return { version, stored };
  }

  #recordOwners(key: ObjectKey, before: Version | undefined, after: Version | undefined): void {
    const [old, current] = [before?.owners ?? [], after?.owners ?? []];
    const place = [key.resource, key.namespace, key.name] as const;
    for (const uid of old) if (!current.includes(uid)) this.#dropOwners.run(uid, ...place);
    for (const uid of current) if (!old.includes(uid)) this.#addOwner.run(uid, ...place);
  }
}
