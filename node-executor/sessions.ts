// What is remembered of each running launcher pod while this process lives. Losing all of it costs repeated work, no guest.
import { launcherPodName } from "@knvirt/api";
import { type Key, keyText, type Pod } from "@knvirt/kubernetes";
import type { PodInterface } from "@knvirt/proto";
import type { Failure } from "./errors.ts";
import type { LauncherConnection } from "./launcher-connection.ts";

export interface StartFailure extends Failure {
  /** By `elapsedMs` of the executor's clock, as all that is only waited for. */
  atMs: number;
  /** Failures in a row. */
  count: number;
  /** An event told of it. */
  isReported: boolean;
}

export interface Session {
  pod: Pod;
  podUid: string;
  vmi: Key;
  launcher: LauncherConnection;
  /** Set once the pod's network is ready. */
  interfaces?: PodInterface[];
  /** When the launcher agreed to start the domain, by `elapsedMs`. */
  startedAtMs?: number;
  failure?: StartFailure;
  /** Version of the pod that its instance's status was last written from. */
  toldOfPod?: string;
  /** When the pod has to have ended, as its launcher was told last. */
  hurriedUntil?: string;
}

export interface Sessions {
  get(podKey: string): Session | undefined;
  /** The session of the pod of this instance. */
  ofVmi(vmi: Key): Session | undefined;
  open(podKey: string, session: Session): void;
  /** Lets go of the launcher. The guest does not notice. */
  close(podKey: string): void;
}

export function sessions(): Sessions {
  const open = new Map<string, Session>();
  return {
    get: (podKey) => open.get(podKey),
    ofVmi: ({ namespace = "", name }) => open.get(keyText({ namespace, name: launcherPodName(name) })),
    open: (podKey, session) => {
      open.get(podKey)?.launcher.close();
      open.set(podKey, session);
    },
    close: (podKey) => {
      open.get(podKey)?.launcher.close();
      open.delete(podKey);
    },
  };
}
