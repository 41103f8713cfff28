// Tells users what happens to a pod: one Event object per distinct message, counted when it comes again.
import { createHash } from "node:crypto";
import {
  allowance,
  type Client,
  type Clock,
  type Event,
  eventRate,
  events,
  isAlreadyExists,
  isNotFound,
  type Pod,
  systemClock,
} from "@knvirt/kubernetes";

interface PodEvent {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
}

export type RecordEvent = (pod: Pod, event: PodEvent) => Promise<void>;

const component = "knvirt-pod-runner";

type Writer = Pick<Client, "create" | "find" | "mergePatch">;
type Time = Pick<Clock, "now" | "elapsedMs">;

/** A probe that fails each second for weeks is not written about each time. */
export function eventRecorder(client: Writer, nodeName: string, clock: Time = systemClock): RecordEvent {
  const wait = allowance(eventRate, () => clock.elapsedMs());
  return async (pod, said) => {
    if (wait(pod.metadata.uid ?? "") === 0) await write(client, podEvent(pod, said, { nodeName, now: clock.now() }));
  };
}

async function write(client: Writer, event: Event): Promise<void> {
  const { name, namespace = "default" } = event.metadata;
  try {
    await client.create(events, event);
  } catch (error) {
    if (isNotFound(error)) return; // the namespace is gone, and with it everyone who could read this
    if (!isAlreadyExists(error)) throw error;
    const present = await client.find(events, { namespace, name });
    const count = (present?.count ?? 1) + 1;
    await client.mergePatch(events, { namespace, name }, { patch: { count, lastTimestamp: event.lastTimestamp } });
  }
}

function podEvent(pod: Pod, { type, reason, message }: PodEvent, at: { nodeName: string; now: Date }): Event {
  const { name, namespace = "default", uid = "", resourceVersion = "" } = pod.metadata;
  const digest = createHash("sha256").update(`${uid}\0${reason}\0${message}`).digest("hex").slice(0, 16);
  const time = at.now.toISOString().replace(/\.\d+Z$/, "Z");
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${digest}`, namespace },
    involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name, uid, resourceVersion },
    type,
    reason,
    message: message.slice(0, 1024),
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component, host: at.nodeName },
    reportingComponent: component,
    reportingInstance: at.nodeName,
  };
}
