// What lies between a process and the API server.
import type { ApiRequest, Transport } from "@knvirt/kubernetes";
import type { ApiServer } from "../api-server/index.ts";
import type { Weather } from "./conditions.ts";
import type { Random } from "./random.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { Timeline } from "./timeline.ts";

/** Writes of processes pass it just before and just after they take effect: where a process may die. */
export type Checkpoint = (process: SimulatedProcess, when: "before" | "after", request: ApiRequest) => void;

export interface Network extends Weather {
  checkpoint: Checkpoint;
  /** How long a write that is sent now is on its way, besides what is usual. */
  lateMs(process: SimulatedProcess): number;
  transportOf(process: SimulatedProcess): Transport;
  /** One way, drawn anew each time. */
  latencyMs(random: Random): number;
  /** Whether this process reaches the API server. */
  reaches(process: SimulatedProcess): boolean;
  /** All connections to the API server break off, as when it ends, or those of one process. */
  breakConnections(of?: SimulatedProcess): void;
}

/** Those that are open, and how to break each. */
export type Connections = Set<{ process: SimulatedProcess; broken: () => void }>;

export interface Ground {
  timeline: Timeline;
  api: ApiServer;
}
