// How bad the network is, and how often that has shown.
import type { ApiError, ApiRequest } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "./simulated-process.ts";

/** How bad it is just now. Faults change it while the world goes on. */
export interface Conditions {
  /** Most that one way takes, as a rule; one in twenty takes ten times as long. */
  latencyMs: number;
  /** Of requests: they are never heard of. */
  lostRequests: number;
  /** Of answers: what was asked for has happened, and the asker does not learn of it. */
  lostAnswers: number;
  /** Of requests: the server is overloaded, and says so without having done anything. */
  overload: number;
  /** Of watches, for each event told: the connection breaks. */
  brokenWatches: number;
  isApiAway: boolean;
  /** Names of processes that reach nobody. */
  readonly cutOff: Set<string>;
  /** The same, of those that are on no node that could be cut off. */
  readonly isolated: Set<string>;
  /** By the name of a process: the plurals of which its watches tell nothing just now. */
  readonly stalled: Map<string, Set<string>>;
  /** Answers with an error what is to be refused. */
  refuse?: ((request: ApiRequest, user: string) => ApiError | undefined) | undefined;
}

export const calm = (): Conditions => ({
  latencyMs: 5,
  lostRequests: 0,
  lostAnswers: 0,
  overload: 0,
  brokenWatches: 0,
  isApiAway: false,
  cutOff: new Set(),
  isolated: new Set(),
  stalled: new Map(),
});

type Chancy = "lostRequests" | "lostAnswers" | "overload" | "brokenWatches";
export type Mishap = Chancy | "refused" | "unreachable";

export interface Weather {
  readonly conditions: Conditions;
  /** How often each has happened. */
  readonly happened: Record<Mishap, number>;
}

/** Whether chance has it that it happens now. */
export function hits({ conditions, happened }: Weather, { random }: SimulatedProcess, mishap: Chancy): boolean {
  const happens = random.chance(conditions[mishap]);
  if (happens) happened[mishap] += 1;
  return happens;
}
