// Events about an instance. Repetitions of one are counted in one object instead of filling the list.
import { createHash } from "node:crypto";
import type { VirtualMachineInstance } from "@knvirt/api";
import {
  allowance,
  type Client,
  type Clock,
  type Event,
  eventRate,
  events,
  isAlreadyExists,
} from "@knvirt/kubernetes";
import type { Log } from "./log.ts";

export interface EventText {
  type: Event["type"];
  reason: string;
  message: string;
}

export interface Recorder {
  record(about: VirtualMachineInstance, event: EventText): Promise<void>;
  /** For what does not wait for it: that it cannot be written changes nothing about what was done. */
  mention(about: VirtualMachineInstance, event: EventText): void;
}

export const component = "knvirt-executor";
/** A guest that repeats itself without end is neither written nor logged about each time. */
const complaintRate = { ...eventRate, atOnce: 1 };
/** The API server's limit. */
const longestMessage = 1024;

export interface RecorderOptions {
  client: Pick<Client, "create" | "find" | "mergePatch">;
  node: string;
  clock: Pick<Clock, "now" | "elapsedMs">;
  log: Log;
}

export function eventRecorder({ client, node, clock, log }: RecorderOptions): Recorder {
  const elapsedMs = (): number => clock.elapsedMs();
  const [wait, waitToComplain] = [allowance(eventRate, elapsedMs), allowance(complaintRate, elapsedMs)];
  const record: Recorder["record"] = async (about, text) => {
    const { namespace, name, uid = "" } = about.metadata;
    if (wait(uid) > 0) {
      if (waitToComplain(uid) === 0)
        log.warn({ vmi: `${namespace}/${name}`, ...text }, "too many events: not all are written");
      return;
    }
    const event = eventOf(about, text, { node, at: clock.now() });
    try {
      await client.create(events, event);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      await countUp(client, event);
    }
  };
  return {
    record,
    mention: (about, text) =>
      void record(about, text).catch((err: unknown) => log.warn({ err, ...text }, "an event could not be written")),
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

async function countUp(client: RecorderOptions["client"], { metadata, lastTimestamp }: Event): Promise<void> {
  const key = { namespace: metadata.namespace ?? "", name: metadata.name };
  const found = await client.find(events, key);
  const patch = { count: (found?.count ?? 1) + 1, lastTimestamp };
  if (found) await client.mergePatch(events, key, { patch });
}
