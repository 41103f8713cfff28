// Events about an instance. Repetitions of one are counted in one object instead of filling the list.
import { createHash } from "node:crypto";
import type { VirtualMachineInstance } from "@knvirt/api";
import { type Client, type Event, events, isAlreadyExists } from "@knvirt/kubernetes";
import type { Logger } from "pino";

export interface EventText {
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

export interface RecorderOptions {
  client: Client;
  node: string;
  now(): Date;
  log: Logger;
}

export function eventRecorder({ client, node, now, log }: RecorderOptions): Recorder {
  const mayTell = allowance(now);
  return {
    record: async (about, text) => {
      const { namespace, name, uid = "" } = about.metadata;
      if (!mayTell(uid))
        return log.warn({ vmi: `${namespace}/${name}`, ...text }, "too many events: one was not written");
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

/** A guest that repeats itself without end is not written about each time: so many at once, then one in so long. */
const [mostAtOnce, oneInMs] = [25, 300_000];

export function allowance(now: () => Date): (uid: string) => boolean {
  /** Until when each has used up what it has: in the past for those that may have all of it. */
  const usedUntil = new Map<string, number>();
  return (uid) => {
    const at = now().getTime();
    for (const [each, until] of usedUntil) if (until <= at) usedUntil.delete(each);
    const until = Math.max(at, usedUntil.get(uid) ?? at) + oneInMs;
    if (until > at + mostAtOnce * oneInMs) return false;
    usedUntil.set(uid, until);
    return true;
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
