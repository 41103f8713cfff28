// Tells of changes of the objects that functions look at, as Knative's API server source does in reference mode. How the
// functions hear of them is the host's affair: over a socket, or by a call in the same process.
import {
  type Change,
  type Client,
  type Clock,
  type Informer,
  inform,
  type KubernetesObject,
  type ObjectReference,
  systemClock,
} from "@knvirt/kubernetes";
import type { Watched } from "./definition.ts";

export interface EventSourceOptions {
  client: Client;
  watched: readonly Watched[];
  deliver(change: ObjectChange): void;
  /** Whether what is there at the start is told as added. Who sweeps then anyway does not need it. */
  tellsExisting: boolean;
  /** A list or watch that failed; it is tried again. */
  onError?(error: unknown): void;
  clock?: Clock;
}

export interface EventSource {
  /** Resolves when everything that was there at the start has been noticed. */
  readonly synced: Promise<void>;
  close(): void;
}

export interface ObjectChange {
  type: "add" | "update" | "delete";
  of: Watched;
  reference: ObjectReference & { name: string };
}

export function startEventSource(options: EventSourceOptions): EventSource {
  const informers = options.watched.map((of) => follow(options, of));
  return {
    synced: Promise.all(informers.map(({ synced }) => synced)).then(() => undefined),
    close: () => {
      for (const informer of informers) informer.stop();
    },
  };
}

const words = { added: "add", modified: "update", deleted: "delete" } as const;

function follow(
  { client, deliver, tellsExisting, onError, clock = systemClock }: EventSourceOptions,
  of: Watched,
): Informer<KubernetesObject> {
  let isTelling = tellsExisting;
  const { labelSelector } = of;
  const informer = inform(client, of, {
    ...(labelSelector !== undefined && { labelSelector }),
    keep: identity,
    onChange: ({ type, object }: Change<KubernetesObject>) => {
      if (isTelling) deliver({ type: words[type], of, reference: referenceTo(object) });
    },
    ...(onError && { onError }),
    clock,
  });
  void informer.synced.then(() => {
    isTelling = true;
  });
  return informer;
}

/** Thousands of objects are kept to notice what a lost watch did not tell: of each no more than that takes. */
const identity = ({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject => {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
  };
};

const referenceTo = ({ apiVersion, kind, metadata }: KubernetesObject): ObjectChange["reference"] => ({
  apiVersion,
  kind,
  ...metadata,
});
