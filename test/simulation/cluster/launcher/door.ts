// The launcher's socket on the node, as executors find it: sometimes nobody answers there.
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Machine } from "./machine.ts";

/** A launcher that answers. */
export interface Server {
  process: SimulatedProcess;
  machine: Machine;
}

export interface Door {
  /** Undefined while nobody answers. */
  readonly server: Server | undefined;
  open(server: Server): void;
  /** Nobody answers, whoever is there. Answers how to end that. */
  hide(): () => void;
  /** Told whenever that changes. Answers how to stop. */
  follow(changed: () => void): () => void;
}

export function doorOf(): Door {
  const followers = new Set<() => void>();
  let server: Server | undefined;
  let hidings = 0;
  const tell = (): void => {
    for (const changed of [...followers]) changed();
  };
  return {
    get server() {
      return hidings > 0 ? undefined : server;
    },
    open: (opened) => {
      server = opened;
      opened.process.onEnd(() => {
        if (server === opened) server = undefined;
        tell();
      });
      tell();
    },
    hide: () => {
      hidings += 1;
      tell();
      return () => {
        hidings -= 1;
        tell();
      };
    },
    follow: (changed) => {
      followers.add(changed);
      return () => followers.delete(changed);
    },
  };
}
