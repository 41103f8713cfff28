// The world of one run: time, chance, the API server, the network, and the processes in it.
import { clientOver } from "@knvirt/kubernetes";
import { type ApiServer, apiServer, type Write } from "../api-server/index.ts";
import { networkOf } from "./network.ts";
import { type Random, randomOf } from "./random.ts";
import { beginning, type SimulatedProcess, simulatedProcess } from "./simulated-process.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { type Trace, traceOf } from "./trace.ts";
import type { Network } from "./way.ts";

export interface World {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly api: ApiServer;
  readonly network: Network;
  readonly trace: Trace;
  /** What the API server's own clock says. */
  now(): Date;
  spawn(name: string, user: string): SimulatedProcess;
  /** Those that live, by name. */
  readonly processes: ReadonlyMap<string, SimulatedProcess>;
  close(): void;
}

export interface WorldOptions {
  seed: number;
  isTraced: boolean;
  onWrite?(write: Write): void;
  /** Puts somebody who counts, or records, between the API server and all that ask it. */
  counted?: ((api: ApiServer) => ApiServer) | undefined;
}

export function createWorld({ seed, isTraced, onWrite, counted = (api) => api }: WorldOptions): World {
  const random = randomOf(seed);
  const timeline = timelineOf(random.fork("timeline"));
  const trace = traceOf(isTraced, () => timeline.nowMs);
  const now = (): Date => new Date(beginning + timeline.nowMs);
  const api = counted(apiServer({ now, ...(onWrite && { onWrite }) }));
  const network = networkOf({ timeline, api });
  const processes = new Map<string, SimulatedProcess>();
  const births = new Map<string, number>();
  return {
    timeline,
    random,
    api,
    network,
    trace,
    now,
    processes,
    spawn: (name, user) => {
      const birth = (births.get(name) ?? 0) + 1;
      births.set(name, birth);
      const process = simulatedProcess({
        ...{ name, user, timeline, trace },
        random: random.fork(`${name} ${birth}`),
        connect: (born) => clientOver(network.transportOf(born)),
      });
      processes.set(name, process);
      process.onEnd(() => processes.get(name) === process && processes.delete(name));
      process.note("starts");
      return process;
    },
    close: () => {
      for (const process of [...processes.values()]) process.kill();
    },
  };
}
