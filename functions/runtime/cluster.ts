// The API server as functions see it: every write with the precondition that makes doubled and late runs harmless.
import { createHash } from "node:crypto";
import {
  ApiError,
  type Client,
  controllerOf,
  describeController,
  type Event,
  events,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubernetesObject,
  keyOf,
  type Resource,
} from "@knvirt/kubernetes";
import { hasApplied } from "./applied-fields.ts";
import { type FunctionDefinition, fieldManagerOf, writtenResource } from "./definition.ts";
import { WorldMoved, WriteRefused } from "./errors.ts";
import type { Intent } from "./intents.ts";

/** The writes of one run: they build on each other, so a second write to an object knows of the first. */
export interface Writer {
  /** Answers whether anything was written. Throws WorldMoved or WriteRefused where that is what happened. */
  apply(intent: ActingIntent): Promise<boolean>;
}

export type ActingIntent = Exclude<Intent, { verb: "requeue" }>;
type Act<Verb> = (intent: Extract<Intent, { verb: Verb }>, of: Resource) => Promise<boolean>;
type Acts = { [Verb in ActingIntent["verb"]]: Act<Verb> };

export interface Writing {
  client: Client;
  definition: FunctionDefinition;
  /** The object that the function was called for, as it was observed. */
  primary: KubernetesObject | undefined;
  now(): Date;
  /** Of a clock that never jumps. */
  elapsedMs(): number;
}

export function writerOf(writing: Writing): Writer {
  const versions = new Map<string | undefined, string | undefined>();
  const versionOf = ({ metadata }: KubernetesObject) => versions.get(metadata.uid) ?? metadata.resourceVersion;
  const remember = ({ metadata }: KubernetesObject): true => {
    versions.set(metadata.uid, metadata.resourceVersion);
    return true;
  };
  const write = (patch: Patch) => async (object: KubernetesObject, of: Resource) =>
    remember(await patch(object, of, versionOf(object)));
  const acts = actsOf(writing, write, () => confirmed(writing, versionOf));
  return {
    apply: async (intent) => {
      const of = writtenResource(writing.definition, intent.verb, intent.object);
      const act = acts[intent.verb] as Act<ActingIntent["verb"]>;
      try {
        return await act(intent, of);
      } catch (error) {
        throw meaningOf(error, intent);
      }
    },
  };
}

/** Writes on top of one version of the object, and answers with the next. */
type Patch = (object: KubernetesObject, of: Resource, resourceVersion?: string) => Promise<KubernetesObject>;
type VersionOf = (object: KubernetesObject) => string | undefined;
type Write = (patch: Patch) => (object: KubernetesObject, of: Resource) => Promise<true>;

/** A look that takes longer is taken again, for this process may have stood still; and what takes longer than any read
 * that is answered was certainly no look. */
const [promptLookMs, longestLookMs] = [1_000, 30_000];

/** A create names no version of what it was decided on, and a delete only that of its victim, which may have been made
 * because of a change that was not seen: the key's own object was read first, and must still be the same. Then both were
 * so at one time, unless this process stood still since it asked. */
async function confirmed({ client, definition, primary, elapsedMs }: Writing, versionOf: VersionOf): Promise<void> {
  if (!primary) return;
  const moved = (): WorldMoved =>
    new WorldMoved(`${primary.kind} ${primary.metadata.name} changed while it was looked at`);
  const look = async (): Promise<number> => {
    const askedMs = elapsedMs();
    const now = await client.find(definition.primary, keyOf(primary));
    const isSame = now?.metadata.uid === primary.metadata.uid && now?.metadata.resourceVersion === versionOf(primary);
    if (!isSame) throw moved();
    return elapsedMs() - askedMs;
  };
  if ((await look()) > promptLookMs && (await look()) > longestLookMs) throw moved();
}

function actsOf({ client, definition, now }: Writing, write: Write, confirm: () => Promise<void>): Acts {
  const manager = fieldManagerOf(definition);
  const patchMetadata = (change: (object: KubernetesObject) => object) =>
    write((object, of, resourceVersion) =>
      client.mergePatch(of, keyOf(object), {
        patch: { metadata: { resourceVersion, ...change(object) } },
      }),
    );
  return {
    create: async ({ object }, of) => {
      await confirm();
      return createOnce(client, object, of);
    },
    delete: async ({ object, graceSeconds }, of) => {
      await confirm();
      return deleteThis(client, object, { of, graceSeconds });
    },
    adopt: ({ object, owner }, of) =>
      patchMetadata(({ metadata }) => ({ ownerReferences: [...(metadata.ownerReferences ?? []), owner] }))(
        object,
        of,
      ),
    changeSpec: ({ object, spec }, of) =>
      write((target, resource, resourceVersion) =>
        client.mergePatch(resource, keyOf(target), { patch: { metadata: { resourceVersion }, spec } }),
      )(object, of),
    addFinalizer: ({ object, finalizer }, of) =>
      patchMetadata(({ metadata }) => ({ finalizers: [...(metadata.finalizers ?? []), finalizer] }))(object, of),
    removeFinalizer: ({ object, finalizer }, of) =>
      patchMetadata(({ metadata }) => ({
        finalizers: (metadata.finalizers ?? []).filter((name) => name !== finalizer),
      }))(object, of),
    applyStatus: async ({ object, status }, of) => {
      if (hasApplied(object, manager, status)) return false;
      return write(({ apiVersion, kind, metadata: { name, namespace } }, resource, resourceVersion) => {
        const metadata = { name, namespace, resourceVersion };
        const applied = { apiVersion, kind, metadata, status } as KubernetesObject;
        return client.apply(resource, applied, { manager, force: true, subresource: "status" });
      })(object, of);
    },
    event: ({ object, event }) => tell({ client, now, component: manager }, object, event),
  };
}

/** A twin that the same owner made is what was wanted. */
async function createOnce(client: Client, object: KubernetesObject, of: Resource): Promise<boolean> {
  try {
    await client.create(of, object);
    return true;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await client.find(of, keyOf(object));
    if (!existing) throw new WorldMoved(`${of.kind} ${object.metadata.name} vanished`, { cause: error });
    if (controllerOf(existing)?.uid === controllerOf(object)?.uid) return false;
    const message = `${of.kind} ${object.metadata.name} exists already and belongs to ${describeController(existing)}`;
    throw new WriteRefused({ verb: "create", kind: of.kind, name: object.metadata.name, message }, { cause: error });
  }
}

interface Deleting {
  of: Resource;
  graceSeconds: number | undefined;
}

async function deleteThis(client: Client, object: KubernetesObject, deleting: Deleting): Promise<boolean> {
  const { uid } = object.metadata;
  const { of, graceSeconds: gracePeriodSeconds } = deleting;
  try {
    const options = {
      ...(uid !== undefined && { uid }),
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    };
    await client.delete(of, keyOf(object), options);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Equal notes within so long are one note with a count. */
const noteWindowMs = 3_600_000;

interface Teller {
  client: Client;
  now(): Date;
  component: string;
}

/** At most 253 characters, and no dot or dash before the dot. */
const eventName = (name: string, identity: string): string =>
  `${name.slice(0, 236).replace(/[-.]+$/, "")}.${identity.slice(0, 16)}`;

async function tell(
  { client, now, component }: Teller,
  about: KubernetesObject,
  note: Extract<Intent, { verb: "event" }>["event"],
): Promise<boolean> {
  const time = `${now().toISOString().slice(0, 19)}Z`;
  const { apiVersion, kind, metadata } = about;
  const { name, uid, namespace = "default" } = metadata;
  const window = Math.floor(now().getTime() / noteWindowMs);
  const identity = createHash("sha256").update(`${uid} ${note.reason} ${note.message} ${window}`).digest("hex");
  const event: Event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: eventName(name, identity), namespace },
    involvedObject: { apiVersion, kind, namespace, name, ...(uid && { uid }) },
    ...note,
    message: note.message.slice(0, 1024), // the API server takes no longer one
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component },
    reportingComponent: component,
  };
  try {
    await client.create(events, event);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const told = await client.find(events, keyOf(event));
    await client.mergePatch(events, keyOf(event), { patch: { count: (told?.count ?? 0) + 1, lastTimestamp: time } });
  }
  return true;
}

/** Codes that say the request itself is at fault: sending it again as it is cannot help. */
const refusals = new Set([400, 403, 413, 422]);

function meaningOf(error: unknown, { verb, object: { kind, metadata } }: ActingIntent): unknown {
  if (!(error instanceof ApiError)) return error;
  const { name } = metadata;
  if (verb === "create" && isNotFound(error)) return refused();
  if (isConflict(error) || isNotFound(error))
    return new WorldMoved(`${kind} ${name} changed meanwhile`, { cause: error });
  return refusals.has(error.code) && verb !== "event" ? refused() : error;

  function refused(): WriteRefused {
    return new WriteRefused({ verb, kind, name, message: (error as ApiError).message }, { cause: error });
  }
}
