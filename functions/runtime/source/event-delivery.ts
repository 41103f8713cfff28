// Sends changes of objects to functions as CloudEvents, in the form of Knative's API server source in reference mode.
import { type Clock, pathOf, pause, systemClock } from "@knvirt/kubernetes";
import type { ObjectChange } from "../event-source.ts";
import type { Line } from "./line.ts";

export interface EventDeliveryOptions {
  line: Line;
  /** The `source` of the events. */
  sender: string;
  /** A new `id` for each event, which it keeps when it is sent again. */
  newId(): string;
  /** The functions answer before the work; on Knative a pod may have to start first. */
  answerWithinMs?: number;
  /** What went wrong and is not tried again; a sweep makes up for it. */
  onDropped?(change: ObjectChange, cause: unknown): void;
  clock?: Clock;
}

const tries = 5;
const firstPauseMs = 200;

export async function deliverEvent(options: EventDeliveryOptions, change: ObjectChange): Promise<void> {
  const { line, sender, newId, answerWithinMs = 5_000, onDropped, clock = systemClock } = options;
  const event = cloudEvent({ sender, id: newId() }, change);
  for (let attempt = 1, pauseMs = firstPauseMs; !line.signal.aborted; attempt++, pauseMs *= 2) {
    try {
      await line.post({ path: "/", answerWithinMs, ...event });
      return;
    } catch (error) {
      if (line.signal.aborted) return;
      if (attempt === tries) return onDropped?.(change, error);
      await pause(clock, pauseMs, line.signal);
    }
  }
}

/** Binary mode: attributes are headers, the reference is the body. */
export function cloudEvent(
  { sender, id }: { sender: string; id: string },
  { type, of, reference }: ObjectChange,
): { headers: Record<string, string>; body: string } {
  const { apiVersion, kind, name, namespace } = reference;
  return {
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": id,
      "ce-source": sender,
      "ce-type": `dev.knative.apiserver.ref.${type}`,
      "ce-subject": pathOf(of, namespace === undefined ? { name } : { namespace, name }),
      "ce-kind": kind ?? "",
      "ce-name": name,
      ...(namespace !== undefined && { "ce-namespace": namespace }),
    },
    body: JSON.stringify({ apiVersion, kind, namespace, name }),
  };
}
