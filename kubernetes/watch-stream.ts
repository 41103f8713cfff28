// One watch: what the API server tells over one connection, event by event, until that ends.
import type { Client, ListOptions } from "./client.ts";
import { ApiError } from "./errors.ts";
import type { KubernetesObject } from "./objects.ts";
import { pathOf, type Resource } from "./resources.ts";

export interface WatchOptions extends ListOptions {
  /** Resource version after which the events begin. */
  from: string;
  /** The server ends the watch in order after so long. */
  seconds: number;
}

export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: T;
}

/** As the API server sends it. */
export type WatchLine =
  | WatchEvent<KubernetesObject>
  | { type: "ERROR"; object: { code?: number; message?: string; reason?: string } };

/** A server that is there answers a watch with its head at once. */
const headMs = 30_000;
/** Part of the agreed time that the server may be late to end it: silent for longer, the connection is dead. */
const lateness = 0.25;

export async function openWatch(
  { transport }: Client,
  of: Resource,
  { namespace, labelSelector, fieldSelector, from, seconds, signal }: WatchOptions,
): Promise<AsyncIterable<WatchLine>> {
  const call = {
    method: "GET",
    path: pathOf(of, namespace === undefined ? {} : { namespace }),
    query: {
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: seconds,
      resourceVersion: from,
      labelSelector,
      fieldSelector,
    },
    timeoutMs: headMs,
    ...(signal && { signal }),
  } as const;
  return transport.lines<WatchLine>(call, seconds * (1 + lateness) * 1000);
}

/** Throws when the watch fails in the middle or breaks off. The connection ends with the loop over it. */
export async function* eventsOf<T extends KubernetesObject>(
  lines: AsyncIterable<WatchLine>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of lines) {
    if (line.type === "ERROR") throw new ApiError(line.object.code ?? 500, line.object);
    yield line as WatchEvent<T>;
  }
}
