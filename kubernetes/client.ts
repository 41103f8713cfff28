// The API server as typed verbs. Every write says what it was decided on; nothing is retried here.
import type { ClusterAccess } from "./access.ts";
import { isNotFound } from "./errors.ts";
import type { KubernetesObject } from "./objects.ts";
import { type Key, keyOf, pathOf, type Resource } from "./resources.ts";
import { connectTransport, type Transport } from "./transport.ts";

export interface ListOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Ends the listing early: it fails with an AbortError. */
  signal?: AbortSignal;
}

export interface Page<T> {
  items: T[];
  resourceVersion: string;
}

export interface DeleteOptions {
  /** Only this incarnation: a successor of the same name survives. */
  uid?: string;
  resourceVersion?: string;
  propagationPolicy?: "Background" | "Foreground" | "Orphan";
  gracePeriodSeconds?: number;
}

export interface ApplyOptions {
  /** Field manager: the writer that owns what it applies. */
  manager: string;
  /** Take fields over from other managers. */
  force?: boolean;
  subresource?: "status";
}

export interface Client {
  readonly transport: Transport;
  /** Undefined when there is no such object; every other failure is thrown. */
  find<T extends KubernetesObject>(of: Resource<T>, key: Key): Promise<T | undefined>;
  /** All pages, one after another. */
  pages<T extends KubernetesObject>(of: Resource<T>, options?: ListOptions): AsyncIterable<Page<T>>;
  list<T extends KubernetesObject>(of: Resource<T>, options?: ListOptions): Promise<Page<T>>;
  create<T extends KubernetesObject>(of: Resource<T>, object: T): Promise<T>;
  replace<T extends KubernetesObject>(of: Resource<T>, object: T, subresource?: string): Promise<T>;
  apply<T extends KubernetesObject>(of: Resource<T>, object: KubernetesObject, options: ApplyOptions): Promise<T>;
  mergePatch<T extends KubernetesObject>(of: Resource<T>, key: Key, change: MergePatch): Promise<T>;
  delete(of: Resource, key: Key, options?: DeleteOptions): Promise<void>;
  close(): void;
}

export interface MergePatch {
  patch: object;
  subresource?: "status";
  /** All but the writing: admission and validation take place. */
  dryRun?: boolean;
}

const pageSize = 500;

export const connectClient = (access: ClusterAccess, userAgent?: string): Client =>
  clientOver(connectTransport(access, userAgent));

export const clientOver = (transport: Transport): Client => ({
  transport,
  ...reading(transport),
  ...writing(transport),
  close: () => transport.close(),
});

function reading(transport: Transport): Pick<Client, "find" | "pages" | "list"> {
  const pages: Client["pages"] = async function* <T extends KubernetesObject>(
    of: Resource<T>,
    { namespace, labelSelector, fieldSelector, signal }: ListOptions = {},
  ) {
    let next: string | undefined;
    do {
      const list = await transport.call<ListAnswer<T>>({
        method: "GET",
        path: pathOf(of, namespace === undefined ? {} : { namespace }),
        query: { labelSelector, fieldSelector, limit: pageSize, continue: next },
        ...(signal && { signal }),
      });
      // Items of a list carry neither kind nor apiVersion; every other object we meet does.
      const items = list.items.map((item) => ({ ...item, apiVersion: of.apiVersion, kind: of.kind }));
      yield { items, resourceVersion: list.metadata.resourceVersion };
      next = list.metadata.continue || undefined;
    } while (next);
  };
  return {
    pages,
    find: async <T extends KubernetesObject>(of: Resource<T>, key: Key) => {
      try {
        return await transport.call<T>({ method: "GET", path: pathOf(of, key) });
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    list: async <T extends KubernetesObject>(of: Resource<T>, options?: ListOptions) => {
      const all: Page<T> = { items: [], resourceVersion: "" };
      for await (const { items, resourceVersion } of pages(of, options)) {
        all.items.push(...items);
        all.resourceVersion = resourceVersion;
      }
      return all;
    },
  };
}

interface ListAnswer<T> {
  metadata: { resourceVersion: string; continue?: string };
  items: T[];
}

function writing(transport: Transport): Pick<Client, "create" | "replace" | "apply" | "mergePatch" | "delete"> {
  return {
    create: (of, object) => transport.call({ method: "POST", path: pathOf(of, namespaceOf(object)), body: object }),
    replace: (of, object, subresource) =>
      transport.call({ method: "PUT", path: pathOf(of, keyOf(object), subresource), body: object }),
    apply: (of, object, { manager, force, subresource }) =>
      transport.call({
        method: "PATCH",
        path: pathOf(of, keyOf(object), subresource),
        query: { fieldManager: manager, force },
        contentType: "application/apply-patch+yaml",
        body: object,
      }),
    mergePatch: (of, key, { patch, subresource, dryRun }) =>
      transport.call({
        method: "PATCH",
        path: pathOf(of, key, subresource),
        ...(dryRun && { query: { dryRun: "All" } }),
        contentType: "application/merge-patch+json",
        body: patch,
      }),
    delete: async (of, key, { uid, resourceVersion, ...options } = {}) => {
      const preconditions = uid || resourceVersion ? { preconditions: { uid, resourceVersion } } : {};
      const body = { apiVersion: "v1", kind: "DeleteOptions", ...options, ...preconditions };
      await transport.call({ method: "DELETE", path: pathOf(of, key), body });
    },
  };
}

const namespaceOf = ({ metadata: { namespace } }: KubernetesObject) => (namespace === undefined ? {} : { namespace });
