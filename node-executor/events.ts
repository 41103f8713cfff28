// Events about an instance. Repetitions of one are counted in one object instead of filling the list.
import { createHash } from "node:crypto";
import type { VirtualMachineInstance } from "@knvirt/api";
import { type Client, type Event, events, isAlreadyExists } from "@knvirt/kubernetes";

interface EventText {
  type: Event["type"];
  reason: string;
  message: string;
}

export interface Recorder {
  record(about: VirtualMachineInstance, event: EventText): Promise<void>;
}

export const component = "knvirt-executor";
/** The API server's limit. */
const longestMessage = 1024;

export function eventRecorder(client: Client, node: string, now: () => Date): Recorder {
  return {
    record: async (about, text) => {
      const event = eventOf(about, text, { node, at: now() });
      try {
        await client.create(events, event);
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
        await countUp(client, event);
      }
    },
  };
}

/** Its name follows from what it says of whom, so that a repetition meets the first one. */
function eventOf(
  { apiVersion, kind, metadata }: VirtualMachineInstance,
  { type, reason, message }: EventText,
  { node, at }: { node: string; at: Date },
): Event {
  const { namespace, name, uid = "" } = metadata;
  const digest = createHash("sha256")
    .update(JSON.stringify([uid, type, reason, message]))
    .digest("hex");
  const time = at.toISOString().replace(/\.\d+Z$/, "Z");
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace, name: `${name.slice(0, 230)}.${digest.slice(0, 16)}` },
    involvedObject: { apiVersion, kind, namespace, name, ...(uid && { uid }) },
    type,
    reason,
    message: message.slice(0, longestMessage),
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component, host: node },
    reportingComponent: component,
    reportingInstance: node,
  };
}

async function countUp(client: Client, { metadata, lastTimestamp }: Event): Promise<void> {
  const key = { namespace: metadata.namespace ?? "", name: metadata.name };
  const found = await client.find(events, key);
  const patch = { count: (found?.count ?? 1) + 1, lastTimestamp };
  if (found) await client.mergePatch(events, key, { patch });
}
