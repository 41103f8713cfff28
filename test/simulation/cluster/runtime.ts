// The containers of one node, by the uid of their pod. What is known of one that has ended outlives a loss of power.
import type { Pod } from "@knvirt/kubernetes";
import type { Container } from "./container.ts";
import type { Hardware } from "./hardware.ts";
import type { Doors } from "./launcher/connection.ts";
import type { Ground } from "./launcher/place.ts";
import { type PodContainer, type RunningContainer, startContainer } from "./pod-container.ts";

/** What a kubelet finds and does on its node. */
export interface Runtime extends Doors {
  find(podUid: string): PodContainer | undefined;
  all(): readonly PodContainer[];
  start(pod: Pod): void;
  remove(podUid: string): void;
  launchers(): readonly Container[];
  /** Told of each pod whose container has ended, or became ready, or is not any more. */
  onChange: (podUid: string) => void;
}

export function runtimeOn(hardware: Hardware, ground: Ground, now: () => Date): Runtime {
  const containers = new Map<string, RunningContainer>();
  const followers = new Set<() => void>();
  const runtime: Runtime = {
    find: (podUid) => containers.get(podUid),
    all: () => [...containers.values()],
    start: (pod) => {
      const { uid = "" } = pod.metadata;
      const container = startContainer(pod, { hardware, ground, now, changed: () => runtime.onChange(uid) });
      containers.set(uid, container);
      for (const changed of [...followers]) changed();
    },
    remove: (podUid) => {
      containers.get(podUid)?.removed();
      containers.delete(podUid);
    },
    launchers: () => [...containers.values()].flatMap(({ shown }) => shown ?? []),
    onChange: () => undefined,
    doorOf: (podUid) => containers.get(podUid)?.launcher?.door,
    follow: (changed) => {
      followers.add(changed);
      return () => followers.delete(changed);
    },
  };
  return runtime;
}
