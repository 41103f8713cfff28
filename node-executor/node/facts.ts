// What the executor says of its node, all in one write, and when it is time to say it again. Pure.
import { annotation, label } from "@knvirt/api";
import type { KubernetesObject } from "@knvirt/kubernetes";

export interface NodeFacts {
  /** Launcher pods may be sent here. */
  isSchedulable: boolean;
  /** Certificates by which the executor is known; undefined where nobody connects to it over the network. */
  certificates?: string | undefined;
}

/** When it was said, by `elapsedMs` of the clock. */
export interface Told {
  facts: NodeFacts;
  atMs: number;
}

export const heartbeatMs = 60_000;

/** Said again each minute, and at once when it is no longer true. */
export function isDue(facts: NodeFacts, last: Told | undefined, nowMs: number): boolean {
  if (!last || nowMs - last.atMs >= heartbeatMs) return true;
  return facts.isSchedulable !== last.facts.isSchedulable || facts.certificates !== last.facts.certificates;
}

/** With its uid, a node that is gone is not made again by being told of. */
export const nodeUpdate = (
  { name, uid }: { name: string; uid: string },
  { isSchedulable, certificates }: NodeFacts,
  now: Date,
): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name,
    uid,
    labels: { [label.schedulable]: String(isSchedulable) },
    annotations: {
      [annotation.heartbeat]: now.toISOString().replace(/\.\d+Z$/, "Z"),
      ...(certificates && { [annotation.executorCertificate]: certificates }),
    },
  },
});
