// What every part of the API server works with: the resources it serves, and a request for one of them.
import type { User } from "./http/authentication.ts";
import type { Call, Reply } from "./http/call.ts";
import type { Log } from "./log.ts";
import type { KubernetesObject } from "./object.ts";
import type { ResourceDefinition } from "./resource.ts";
import type { Schema } from "./schema/index.ts";
import type { Store } from "./storage/store.ts";
import type { ObjectKey } from "./storage/version.ts";
import type { Strategy } from "./strategy.ts";
import type { TableColumns } from "./table/columns.ts";
import type { WatchHub } from "./watch-hub.ts";

export interface Machinery {
  store: Store;
  catalog: Catalog;
  hub: WatchHub;
  log: Log;
  now(): Date;
}

/** The resources that are served right now. */
export interface Catalog {
  /** Grows with every change: what is derived from the catalog is kept under it. */
  readonly generation: number;
  add(resource: ServedResource): void;
  remove(definition: Pick<ResourceDefinition, "group" | "version" | "plural">): void;
  find(group: string, version: string, plural: string): ServedResource | undefined;
  /** A resource that shows what is stored under a name, in the version it is stored in. */
  findStored(storedAs: string): ServedResource | undefined;
  all(): ServedResource[];
}

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** A subresource with a behaviour of its own. */
export interface Endpoint {
  /** Kind of what is sent or answered, as discovery lists it. */
  kind: string;
  group?: string;
  version?: string;
  verbs: readonly Verb[];
  serve(machinery: Machinery, call: ResourceCall): Promise<Reply>;
}

export interface ServedResource {
  definition: ResourceDefinition;
  /** `group/version` of requests for it. */
  apiVersion: string;
  /** The definition's schema, completed with the fields of metadata. */
  schema: Schema;
  verbs: readonly Verb[];
  /** Built-in resources take strategic merge patches; custom ones do not. */
  builtIn: boolean;
  /** Further names below an object, beside status and scale: `binding`, `log`. */
  endpoints: Readonly<Record<string, Endpoint>>;
  /** Answers a create without storing anything, as for a TokenReview. */
  review?(object: KubernetesObject, user: User): KubernetesObject;
  strategy: Strategy;
  table?: TableColumns;
  /** Name in the store; two served resources that share it are two views of the same objects. */
  storedAs: string;
  storedApiVersion: string;
  toStored(object: KubernetesObject): KubernetesObject;
  fromStored(object: KubernetesObject): KubernetesObject;
}

/** A request for a resource, for one of its objects, or for a part of one. */
export interface ResourceCall extends Call {
  resource: ServedResource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** One object, as a request names it. */
export interface Target {
  resource: ServedResource;
  /** Empty for cluster-wide resources. */
  namespace: string;
  name: string;
}

export const keyOf = ({ resource, namespace, name }: Target): ObjectKey => ({
  resource: resource.storedAs,
  namespace,
  name,
});

/** The target as error messages name it. */
export const subjectOf = ({ resource: { definition }, name }: Target) => ({
  group: definition.group,
  plural: definition.plural,
  kind: definition.kind,
  name,
});
