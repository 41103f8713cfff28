// Sends changes of objects to the functions' socket as CloudEvents, in the form of Knative's API server source.
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectChange } from "@knvirt/functions";
import { pathOf } from "@knvirt/kubernetes";

export interface EventDeliveryOptions {
  /** Unix socket of the functions. */
  socketPath: string;
  /** What went wrong and is not tried again; the functions' sweep makes up for it. */
  onDropped?(change: ObjectChange, cause: unknown): void;
}

export interface EventDelivery {
  deliver(change: ObjectChange): void;
  close(): void;
}

const tries = 5;
const firstPauseMs = 200;
/** The functions answer at once, and work afterwards. */
const answerWithinMs = 5_000;
const mostConnections = 8;

export function eventDelivery({ socketPath, onDropped }: EventDeliveryOptions): EventDelivery {
  const closed = new AbortController();
  const agent = new Agent({ keepAlive: true, maxSockets: mostConnections });
  const wire = { agent, socketPath, signal: closed.signal };
  return {
    deliver: (change) => void deliverPatiently(wire, change, onDropped),
    close: () => {
      closed.abort();
      agent.destroy();
    },
  };
}

async function deliverPatiently(
  wire: Wire,
  change: ObjectChange,
  onDropped: EventDeliveryOptions["onDropped"],
): Promise<void> {
  for (let attempt = 1, pauseMs = firstPauseMs; !wire.signal.aborted; attempt++, pauseMs *= 2) {
    try {
      return await post(wire, change);
    } catch (error) {
      if (attempt === tries && !wire.signal.aborted) return onDropped?.(change, error);
      await sleep(pauseMs);
    }
  }
}

interface Wire {
  agent: Agent;
  socketPath: string;
  signal: AbortSignal;
}

function post({ agent, socketPath, signal }: Wire, change: ObjectChange): Promise<void> {
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
export function cloudEvent({ type, of, reference }: ObjectChange): { headers: Record<string, string>; body: string } {
  const { apiVersion, kind, name, namespace } = reference;
  return {
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": randomUUID(),
      "ce-source": "knvirt.dev/standalone",
      "ce-type": `dev.knative.apiserver.ref.${type}`,
      "ce-subject": pathOf(of, namespace === undefined ? { name } : { namespace, name }),
      "ce-kind": kind ?? "",
      "ce-name": name,
      ...(namespace !== undefined && { "ce-namespace": namespace }),
    },
    body: JSON.stringify({ apiVersion, kind, namespace, name }),
  };
}
