// Turns changes of objects into CloudEvents for the functions, as Knative's API server source does in reference mode.
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Change,
  type Client,
  type Informer,
  inform,
  type KubernetesObject,
  keyOf,
  pathOf,
  type Resource,
} from "@knvirt/kubernetes";

export interface EventSourceOptions {
  client: Client;
  /** Whose changes are told. */
  resources: readonly Resource[];
  /** Unix socket of the functions. */
  socketPath: string;
  /** What went wrong and is not tried again; the functions' sweep makes up for it. */
  onDropped?(change: ObjectChange, cause: unknown): void;
  /** A list or watch that failed; it is tried again. */
  onError?(error: unknown): void;
  faults?: Partial<Faults>;
}

/** For tests: the share of events that meets each mishap, from 0 to 1. */
export interface Faults {
  drop: number;
  duplicate: number;
  /** Held back a moment, so that later ones overtake. */
  reorder: number;
  random(): number;
}

export interface EventSource {
  /** Resolves when everything that was there at the start has been noticed. */
  readonly synced: Promise<void>;
  close(): void;
}

export interface ObjectChange {
  type: "add" | "update" | "delete";
  of: Resource;
  object: KubernetesObject;
}

const noFaults: Faults = { drop: 0, duplicate: 0, reorder: 0, random: Math.random };
const longestReorderMs = 100;

export function startEventSource(options: EventSourceOptions): EventSource {
  const closed = new AbortController();
  const agent = new Agent({ keepAlive: true });
  const faults = { ...noFaults, ...options.faults };
  const deliver = coalesced((change) => deliverPatiently({ ...options, agent, signal: closed.signal }, change));
  const emit = async (change: ObjectChange): Promise<void> => {
    if (faults.random() < faults.drop) return;
    if (faults.random() < faults.reorder) await sleep(faults.random() * longestReorderMs);
    if (closed.signal.aborted) return;
    deliver(change);
    if (faults.random() < faults.duplicate) deliver(change);
  };
  const informers = options.resources.map((of) => follow(options, of, emit));
  return {
    synced: Promise.all(informers.map(({ synced }) => synced)).then(() => undefined),
    close: () => {
      closed.abort();
      for (const informer of informers) informer.stop();
      agent.destroy();
    },
  };
}

const words = { added: "add", modified: "update", deleted: "delete" } as const;

const follow = (
  { client, onError }: EventSourceOptions,
  of: Resource,
  emit: (change: ObjectChange) => Promise<void>,
): Informer<KubernetesObject> =>
  inform(client, of, {
    onChange: ({ type, object }: Change<KubernetesObject>) => void emit({ type: words[type], of, object }),
    ...(onError && { onError }),
  });

/** Of an object, so many requests may be on their way: the functions may hold one while they wait for something, and
 * the second ends that wait. Changes beyond are told by one more request after those. */
const mostOfOneObject = 2;

function coalesced(deliver: (change: ObjectChange) => Promise<void>): (change: ObjectChange) => void {
  const underway = new Map<string, { requests: number; next?: ObjectChange }>();
  const begin = async (path: string, change: ObjectChange): Promise<void> => {
    const state = underway.get(path) ?? { requests: 0 };
    underway.set(path, state);
    if (state.requests >= mostOfOneObject) {
      state.next = change;
      return;
    }
    state.requests += 1;
    await deliver(change);
    state.requests -= 1;
    const { next } = state;
    delete state.next;
    if (next) return begin(path, next);
    if (state.requests === 0) underway.delete(path);
  };
  return (change) => void begin(pathOf(change.of, keyOf(change.object)), change);
}

interface Delivery extends EventSourceOptions {
  agent: Agent;
  signal: AbortSignal;
}

const tries = 5;
const firstPauseMs = 200;

async function deliverPatiently(delivery: Delivery, change: ObjectChange): Promise<void> {
  for (let attempt = 1, pauseMs = firstPauseMs; ; attempt++, pauseMs *= 2) {
    try {
      return await post(delivery, change);
    } catch (error) {
      if (delivery.signal.aborted) return;
      if (attempt === tries) return delivery.onDropped?.(change, error);
      await sleep(pauseMs);
    }
  }
}

/** Longer than the functions hold a request. */
const answerWithinMs = 60_000;

function post({ agent, socketPath, signal }: Delivery, change: ObjectChange): Promise<void> {
  return new Promise((resolve, reject) => {
    const { headers, body } = cloudEvent(change);
    const outgoing = request(
      { agent, socketPath, signal, method: "POST", path: "/", headers, timeout: answerWithinMs },
      (answer) => {
        answer.resume();
        const status = answer.statusCode ?? 500;
        answer.on("end", () => (status < 300 ? resolve() : reject(new Error(`functions answered ${status}`))));
        answer.on("error", reject);
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`functions had no answer in ${answerWithinMs} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Binary mode: attributes are headers, the reference is the body. */
export function cloudEvent({ type, of, object }: ObjectChange): { headers: Record<string, string>; body: string } {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const { apiVersion, kind } = of;
  return {
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": randomUUID(),
      "ce-source": "knvirt.dev/standalone",
      "ce-type": `dev.knative.apiserver.ref.${type}`,
      "ce-subject": pathOf(of, keyOf(object)),
      "ce-kind": kind,
      "ce-name": name,
      ...(namespace !== undefined && { "ce-namespace": namespace }),
    },
    body: JSON.stringify({ apiVersion, kind, namespace, name, uid, resourceVersion }),
  };
}
