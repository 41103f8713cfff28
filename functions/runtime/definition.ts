// What makes a function: from its declaration follow its loads, its events, its rights and its sweep.
import type { Key, KubernetesObject, ObjectReference, Resource } from "@knvirt/kubernetes";
import { FunctionError } from "./errors.ts";
import type { Intent } from "./intents.ts";
import { concerned, followedResource, type Read } from "./reads.ts";

export interface FunctionDefinition<Observed extends object = object> {
  /** Also names its field manager and labels its metrics. */
  name: string;
  /** The kind whose objects are its keys. */
  primary: Resource;
  reads: { readonly [Name in keyof Observed]: Read<Observed[Name]> };
  writes: readonly Write[];
  /** Pure: no I/O, no clock, no log. */
  reconcile(observed: Observed): Intent[];
}

export interface Write {
  resource: Resource;
  verbs: readonly Exclude<Intent["verb"], "requeue" | "event">[];
  /** Notes are written about objects of this kind. */
  events?: boolean;
}

export const fieldManagerOf = ({ name }: FunctionDefinition): string => `knvirt-${name}`;

export const readsOf = ({ reads }: FunctionDefinition): [string, Read][] => Object.entries(reads);

/** The key's own object among what was observed. */
export function primaryIn(definition: FunctionDefinition, observed: object): KubernetesObject | undefined {
  const [name] = readsOf(definition).find(([, { by }]) => by === "self") ?? [];
  return name === undefined ? undefined : (observed as Record<string, KubernetesObject>)[name];
}

/** A kind whose changes concern functions, and which of its objects can. */
export type Watched = Resource & { labelSelector?: string };

/** Every kind whose changes concern one of the functions, each once; all its objects unless each read selects alike. */
export function watchedBy(definitions: readonly FunctionDefinition[]): Watched[] {
  const reads = definitions.flatMap((definition) => readsOf(definition).map(([, read]) => read));
  const watched = new Map<string, Watched>();
  for (const read of reads) {
    const of = followedResource(read);
    if (!of) continue;
    const id = `${of.apiVersion}/${of.plural}`;
    const labelSelector = "labelSelector" in read ? read.labelSelector : undefined;
    const isAlike = !watched.has(id) || watched.get(id)?.labelSelector === labelSelector;
    watched.set(id, isAlike && labelSelector !== undefined ? { ...of, labelSelector } : of);
  }
  return [...watched.values()];
}

/** Which keys of a function a changed object concerns. */
export function keysConcerned(definition: FunctionDefinition, reference: ObjectReference): Key[] | "all" {
  const keys = readsOf(definition)
    .map(([, read]) => concerned(read, reference))
    .filter((key) => key !== undefined);
  return keys.some((key) => key === "all") ? "all" : (keys as Key[]);
}

/** The resource of an object to be written; throws when the function does not declare that write. */
export function writtenResource(
  definition: FunctionDefinition,
  verb: Intent["verb"],
  { apiVersion, kind }: KubernetesObject,
): Resource {
  const allowed = definition.writes.find(
    ({ resource, verbs, events }) =>
      resource.apiVersion === apiVersion &&
      resource.kind === kind &&
      (verb === "event" ? events : verbs.some((declared) => declared === verb)),
  );
  if (allowed) return allowed.resource;
  throw new FunctionError("UndeclaredWrite", `function ${definition.name} does not declare ${verb} of ${kind}`);
}
