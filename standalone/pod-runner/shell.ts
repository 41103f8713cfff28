// What the pod runner knows of this node's pods while it lives, and how it tells the API of them.
import { type Client, type Pod, type PodStatus, pods } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import type { RecordEvent } from "./events.ts";
import type { PodHost } from "./pod-start.ts";
import type { Prober } from "./probes/index.ts";
import type { Trouble } from "./trouble.ts";
import type { Workers } from "./worker.ts";

export interface Shell {
  host: PodHost;
  client: Client;
  log: Logger;
  hostIP: string;
  recordEvent: RecordEvent;
  workers: Workers;
  prober: Prober;
  /** The API's pods of this node, by uid, as new as we know them. */
  known: Map<string, Pod>;
  troubles: Map<string, Trouble>;
  /** Starts under way, to be given up when their pod is to end. */
  starts: Map<string, AbortController>;
}

/** A watch may tell of a state older than the answer to our own write. */
export function remember({ known }: Shell, pod: Pod): void {
  const present = known.get(pod.metadata.uid ?? "");
  if (present && versionOf(present) > versionOf(pod)) return;
  known.set(pod.metadata.uid ?? "", pod);
}

const versionOf = ({ metadata }: Pod): number => Number(metadata.resourceVersion ?? 0);

const manager = "knvirt-pod-runner";

export async function applyStatus(shell: Shell, pod: Pod, status: PodStatus): Promise<void> {
  const { name, namespace = "default", uid = "" } = pod.metadata;
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, uid }, status };
  remember(shell, await shell.client.apply(pods, object, { manager, force: true, subresource: "status" }));
}
