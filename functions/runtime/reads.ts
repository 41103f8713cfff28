// What may be read. Each read is answered in two ways: for one key (observe.ts) and for all keys at once (join.ts).
import type { Key, KubernetesObject, ObjectReference, Resource } from "@knvirt/kubernetes";
import type { Refusal } from "./intents.ts";

/** `Value` is a phantom: it ties what arrives in `Observed` to the read. */
export type Read<Value = unknown> = Relation & { readonly value?: Value };

type Relation =
  | { by: "self"; of: Resource }
  | ByName
  | Listed
  | { by: "singleton"; of: Resource }
  | { by: "constant"; is: unknown }
  | { by: "clock" }
  | { by: "refusal" };

export interface ByName {
  by: "name";
  of: Resource;
  /** The related object's name. It has to keep the order of names, so that sorted lists can be merged. */
  nameOf(name: string): string;
  /** The inverse: whose related object has this name; undefined when nobody's. */
  ownerOf(name: string): string | undefined;
  /** Spares lists what no name leads to. */
  labelSelector?: string;
}

export interface Listed {
  by: "listed";
  of: Resource;
  /** Names in the namespace of the key's object; none once they do not matter any more, since each is read by itself. */
  namesOf(object: KubernetesObject): string[];
}

/** The object itself. A key without it has nothing to reconcile. */
export const self = <T extends KubernetesObject>(of: Resource<T>): Read<T> => ({ by: "self", of });

/** The object of another kind with the same namespace and name. */
export const sameName = <T extends KubernetesObject>(of: Resource<T>): Read<T | undefined> =>
  named(of, { nameOf: (name) => name, ownerOf: (name) => name });

/** The object of another kind whose name follows from the key's. */
export const named = <T extends KubernetesObject>(
  of: Resource<T>,
  names: Pick<ByName, "nameOf" | "ownerOf" | "labelSelector">,
): Read<T | undefined> => ({ by: "name", of, ...names });

/** Those of the objects that the key's object names which exist. Their changes concern nobody: who waits for one looks again. */
export const listed = <T extends KubernetesObject, Primary extends KubernetesObject>(
  of: Resource<T>,
  namesOf: (object: Primary) => string[],
): Read<T[]> => ({ by: "listed", of, namesOf: namesOf as Listed["namesOf"] });

/** The oldest object of a kind that a cluster has one of. */
export const singleton = <T extends KubernetesObject>(of: Resource<T>): Read<T | undefined> => ({
  by: "singleton",
  of,
});

/** A value known when the process starts. */
export const constant = <T>(is: T): Read<T> => ({ by: "constant", is });

export const clock: Read<Date> = { by: "clock" };

/** What the API server refused in this very run: absent at first, so that the function can answer a refusal. */
export const refusal: Read<Refusal | undefined> = { by: "refusal" };

export const resourceRead = (read: Read): Resource | undefined => ("of" in read ? read.of : undefined);

/** Of the kinds whose changes are to be told. */
export const followedResource = (read: Read): Resource | undefined =>
  read.by === "listed" ? undefined : resourceRead(read);

const sameKind = (of: Resource, { apiVersion, kind }: ObjectReference): boolean =>
  of.apiVersion === apiVersion && of.kind === kind;

/** Which key an object's change concerns by one read: one, all of them, or none. */
export function concerned(read: Read, reference: ObjectReference): Key | "all" | undefined {
  const of = followedResource(read);
  if (!of || !sameKind(of, reference) || reference.name === undefined) return undefined;
  if (read.by === "singleton") return "all";
  const name = read.by === "name" ? read.ownerOf(reference.name) : reference.name;
  if (name === undefined) return undefined;
  return reference.namespace === undefined ? { name } : { namespace: reference.namespace, name };
}

/** Of objects that there should be one of, the oldest counts; names break a tie. */
export const oldest = <T extends KubernetesObject>(objects: T[]): T | undefined =>
  objects.toSorted((a, b) => age(a).localeCompare(age(b)))[0];

const age = ({ metadata }: KubernetesObject): string =>
  `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
