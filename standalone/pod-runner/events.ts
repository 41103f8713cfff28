// Tells users what happens to a pod: one Event object per distinct message, counted when it comes again.
import { createHash } from "node:crypto";
import { type Client, type Event, events, isAlreadyExists, isNotFound, type Pod } from "@knvirt/kubernetes";

interface PodEvent {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
}

export type RecordEvent = (pod: Pod, event: PodEvent) => Promise<void>;

const component = "knvirt-pod-runner";

export const eventRecorder =
  (client: Client, nodeName: string): RecordEvent =>
  async (pod, said) => {
    const event = podEvent(pod, said, { nodeName, now: new Date() });
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
  };

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
