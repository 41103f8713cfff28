// For property tests: a cluster in memory that honours every precondition, so that any order of events can be tried.

import type { KubernetesObject, ManagedFieldsEntry } from "@knvirt/kubernetes";
import { hasApplied } from "../runtime/applied-fields.ts";
import { type FunctionDefinition, fieldManagerOf } from "../runtime/definition.ts";
import type { Intent } from "../runtime/intents.ts";
import { fieldsOf, isJson, type Json, listKeyOf } from "./fields.ts";

type Stored = KubernetesObject & { status?: Json; spec?: Json };
type Applied = Map<string, Json>;

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** One namespace. Objects are copied in and out: what somebody has seen does not change under him. */
export class World {
  readonly objects = new Map<string, Stored>();
  readonly applied = new Map<string, Applied>();
  /** Uids of the objects that were made, by kind and the uid of their controller. */
  readonly made: { kind: string; uid: string; owner: string | undefined }[] = [];
  writes = 0;
  now = new Date("2026-01-02T12:00:00Z");
  #last = 0;

  find<T extends KubernetesObject>(kind: string, name: string): T | undefined {
    const found = this.objects.get(`${kind}/${name}`);
    return found && (copy(found) as unknown as T);
  }

  create(object: KubernetesObject): boolean {
    const id = `${object.kind}/${object.metadata.name}`;
    if (this.objects.has(id)) return false;
    const stored = copy(object) as Stored;
    this.#last += 1;
    const uid = `uid-${this.#last}`;
    Object.assign(stored.metadata, { uid, generation: 1, creationTimestamp: this.now.toISOString() });
    if (object.kind === "Pod") stored.metadata.finalizers = ["until its node lets it go"];
    this.objects.set(id, stored);
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    this.made.push({ kind: object.kind, uid, owner });
    this.#touch(stored);
    return true;
  }

  /** Applies a change to the stored object, and removes it when nothing holds it any more. */
  change(object: KubernetesObject | undefined, edit: (stored: Stored) => void): void {
    const stored = object && this.objects.get(`${object.kind}/${object.metadata.name}`);
    if (!stored || stored.metadata.uid !== object.metadata.uid) return;
    edit(stored);
    this.#touch(stored);
    if (stored.metadata.deletionTimestamp && !stored.metadata.finalizers?.length)
      this.objects.delete(`${stored.kind}/${stored.metadata.name}`);
  }

  delete(object: KubernetesObject | undefined): true {
    this.change(object, ({ metadata }) => {
      metadata.deletionTimestamp ??= this.now.toISOString();
    });
    return true;
  }

  applyStatus(object: KubernetesObject, manager: string, status: Json): void {
    this.change(object, (stored) => {
      const all: Applied = this.applied.get(stored.metadata.uid ?? "") ?? new Map();
      const wanted = JSON.parse(JSON.stringify(status)) as Json;
      for (const [other, theirs] of all) if (other !== manager) all.set(other, without(theirs, wanted));
      all.set(manager, wanted);
      this.applied.set(stored.metadata.uid ?? "", all);
      stored.status = [...all.values()].reduce(merged, {});
      stored.metadata.managedFields = [...all].map(entryOf);
    });
  }

  #touch(stored: Stored): void {
    this.#last += 1;
    this.writes += 1;
    stored.metadata.resourceVersion = `${this.#last}`;
  }

  /** Applies intents like the API server: up to the first whose precondition does not hold. Answers whether all did. */
  apply(definition: FunctionDefinition, intents: Intent[]): boolean {
    const versions = new Map<string | undefined, string | undefined>();
    return intents.every((intent) => this.#applyOne(definition, intent, versions));
  }

  #applyOne(definition: FunctionDefinition, intent: Intent, versions: Versions): boolean {
    if (intent.verb === "requeue" || intent.verb === "event") return true;
    if (intent.verb === "create") return this.create(intent.object);
    const stored = this.objects.get(`${intent.object.kind}/${intent.object.metadata.name}`);
    if (intent.verb === "delete") return stored?.metadata.deletionTimestamp ? true : this.delete(intent.object);
    if (intent.verb === "applyStatus" && hasApplied(intent.object, fieldManagerOf(definition), intent.status))
      return true;
    if (!isCurrent(stored, intent.object, versions)) return false;
    this.#write(definition, intent);
    versions.set(stored?.metadata.uid, stored?.metadata.resourceVersion);
    return true;
  }

  #write(definition: FunctionDefinition, intent: Editing | Extract<Intent, { verb: "applyStatus" }>): void {
    if (intent.verb === "applyStatus")
      this.applyStatus(intent.object, fieldManagerOf(definition), intent.status as Json);
    else this.change(intent.object, (target) => edit(target, intent));
  }
}

const isCurrent = (stored: Stored | undefined, { metadata }: KubernetesObject, versions: Versions): boolean =>
  stored?.metadata.uid === metadata.uid &&
  stored?.metadata.resourceVersion === (versions.get(metadata.uid) ?? metadata.resourceVersion);

type Versions = Map<string | undefined, string | undefined>;
type Editing = Extract<Intent, { verb: "addFinalizer" | "removeFinalizer" | "adopt" | "changeSpec" }>;

function edit({ metadata, spec }: Stored, intent: Editing): void {
  const { finalizers = [], ownerReferences = [] } = metadata;
  if (intent.verb === "addFinalizer") metadata.finalizers = [...finalizers, intent.finalizer];
  else if (intent.verb === "removeFinalizer")
    metadata.finalizers = finalizers.filter((name) => name !== intent.finalizer);
  else if (intent.verb === "adopt") metadata.ownerReferences = [...ownerReferences, intent.owner];
  else Object.assign(spec ?? {}, intent.spec);
}

const entryOf = ([manager, applied]: [string, Json]): ManagedFieldsEntry => ({
  ...{ manager, operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1", subresource: "status" },
  fieldsV1: { "f:status": fieldsOf(applied) },
});

/** What stays with its owner when somebody else applies `taken` by force: equal values are shared, others go over. */
function without(owned: Json, taken: Json): Json {
  const left: Json = {};
  for (const [name, value] of Object.entries(owned)) {
    const other = taken[name];
    const key = listKeyOf(name, value);
    if (other === undefined || JSON.stringify(other) === JSON.stringify(value)) left[name] = value;
    else if (key) left[name] = (value as Json[]).map((item) => without(item, itemWith(other as Json[], key, item)));
    else if (isJson(value) && isJson(other)) left[name] = without(value, other);
  }
  return left;
}

function merged(base: Json, over: Json): Json {
  const result = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    const key = listKeyOf(name, value);
    if (key && Array.isArray(below)) result[name] = mergedItems(below as Json[], value as Json[], key);
    else result[name] = isJson(below) && isJson(value) ? merged(below, value) : value;
  }
  return result;
}

const mergedItems = (below: Json[], over: Json[], key: string): Json[] => [
  ...below.map((item) => merged(item, itemWith(over, key, item))),
  ...over.filter((item) => !below.some((other) => other[key] === item[key])),
];

const itemWith = (items: Json[], key: string, like: Json): Json =>
  items.find((item) => item[key] === like[key]) ?? {};
