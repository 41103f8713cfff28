// The way from a process to the API server and back: what takes time on it, what gets lost, and who cannot be reached.
import { ApiError, type ApiRequest, type Transport } from "@knvirt/kubernetes";
import type { ApiServer } from "../api-server/index.ts";
import { calm, hits } from "./conditions.ts";
import type { Random } from "./random.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { watchLines } from "./watch-lines.ts";
import type { Connections, Ground, Network } from "./way.ts";

/** As long as our transport waits for an answer. */
const patienceMs = 30_000;

export function networkOf(ground: Ground): Network {
  const connections: Connections = new Set();
  const conditions = calm();
  const network: Network = {
    conditions,
    happened: { lostRequests: 0, lostAnswers: 0, overload: 0, brokenWatches: 0, refused: 0, unreachable: 0 },
    checkpoint: () => undefined,
    lateMs: () => 0,
    latencyMs: (random) => {
      const usual = (conditions.latencyMs * (1 + random.below(1000))) / 1000;
      return random.chance(0.05) ? usual * 10 : usual;
    },
    reaches: ({ name }) => {
      const { isApiAway, cutOff, isolated } = conditions;
      const isReached = !isApiAway && !cutOff.has(name) && !isolated.has(name);
      if (!isReached) network.happened.unreachable += 1;
      return isReached;
    },
    breakConnections: (of) => {
      for (const { process, broken } of [...connections]) if (!of || process === of) broken();
    },
    transportOf: (process) => transportOf({ ...ground, network, process, connections }),
  };
  return network;
}

interface Line extends Ground {
  network: Network;
  process: SimulatedProcess;
  connections: Connections;
}

function transportOf(line: Line): Transport {
  const { network, process } = line;
  const sent: Record<string, number> = {};
  const count = ({ method }: ApiRequest): void => {
    sent[method] = (sent[method] ?? 0) + 1;
  };
  return {
    sent,
    open: () => Promise.reject(new Error("raw answers are not simulated")),
    call: <Answer>(request: ApiRequest) => {
      count(request);
      return ask(line, network, { process, request }) as Promise<Answer>;
    },
    lines: <Parsed>(request: ApiRequest, longestSilenceMs: number) => {
      count(request);
      return watchLines({ ...line, request, longestSilenceMs }) as Promise<AsyncIterable<Parsed>>;
    },
    close: () => undefined,
  };
}

interface Asking {
  process: SimulatedProcess;
  request: ApiRequest;
}

/** Resolves or rejects as a client would see it; never, when its process has died. */
function ask(ground: Ground, network: Network, asking: Asking): Promise<unknown> {
  const { process, request } = asking;
  const { random } = process;
  return new Promise((resolve, reject) => {
    const fail = (afterMs: number, why: string): void =>
      void process.reach(afterMs, () => reject(new Error(`${request.method} ${request.path}: ${why}`)));
    const answer = ({ said, error }: Outcome): void => {
      if (hits(network, process, "lostAnswers")) fail(lostMs(random), "connection lost");
      else process.reach(network.latencyMs(random), () => (error ? reject(error) : resolve(said)));
    };
    const arrive = (): void => {
      if (!network.reaches(process)) fail(patienceMs, "was not answered in time");
      else answer(outcomeOf(ground, network, asking));
    };
    send(ground, network, { asking, fail, arrive });
  });
}

interface Sending {
  asking: Asking;
  fail(afterMs: number, why: string): void;
  arrive(): void;
}

function send(ground: Ground, network: Network, { asking, fail, arrive }: Sending): void {
  const { process } = asking;
  const { random } = process;
  if (!network.reaches(process)) {
    if (network.conditions.isApiAway) fail(network.latencyMs(random), "connection refused");
    else fail(patienceMs, "was not answered in time");
    return;
  }
  if (hits(network, process, "lostRequests")) {
    fail(lostMs(random), "connection lost");
    return;
  }
  const onItsWayMs = network.latencyMs(random) + latenessOf(network, asking);
  if (onItsWayMs > patienceMs) fail(patienceMs, "was not answered in time");
  // Whatever becomes of its sender.
  ground.timeline.after(onItsWayMs, arrive);
}

/**
 * Of what names the state that it was decided on. A create names none, nor does what Kubernetes' own controllers delete by
 * its name: whoever sent that has to have looked just before.
 */
const latenessOf = (network: Network, { process, request }: Asking): number =>
  namesState(request) ? network.lateMs(process) : 0;

function namesState({ method, body }: ApiRequest): boolean {
  if (method === "DELETE") return (body as { preconditions?: object } | undefined)?.preconditions !== undefined;
  return method !== "GET" && method !== "POST";
}

interface Outcome {
  said?: unknown;
  error?: unknown;
}

function outcomeOf(ground: Ground, network: Network, asking: Asking): Outcome {
  const error = refusalOf(network, asking);
  if (error) return { error };
  try {
    return { said: take(ground.api, network, asking) };
  } catch (thrown) {
    return { error: thrown };
  }
}

function refusalOf(network: Network, { process, request }: Asking): ApiError | undefined {
  if (hits(network, process, "overload")) return overloaded(process.random);
  const refused = network.conditions.refuse?.(request, process.user);
  if (refused) network.happened.refused += 1;
  return refused;
}

/** A connection that breaks is noticed at once, one that is silent when patience ends. */
const lostMs = (random: Random): number => (random.chance(0.3) ? patienceMs : 1 + random.below(200));

/** A request arrives though its sender is dead by then, unless this is the moment before which it is to die. */
function take(api: ApiServer, network: Network, { process, request }: Asking): unknown {
  if (request.method === "GET") return api.call(request, process.user);
  const { isAlive } = process;
  network.checkpoint(process, "before", request);
  if (isAlive && !process.isAlive) return undefined;
  process.note(() => `${request.method} ${request.path} ${JSON.stringify(request.body ?? {}).slice(0, 600)}`);
  const said = api.call(request, process.user);
  network.checkpoint(process, "after", request);
  return said;
}

const overloads: [number, string, string][] = [
  [429, "TooManyRequests", "too many requests, please try again later"],
  [500, "InternalError", "etcdserver: leader changed"],
  [503, "ServiceUnavailable", "the server is currently unable to handle the request"],
  [504, "Timeout", "the server was unable to return a response in the time allotted"],
];

function overloaded(random: Random): ApiError {
  const [code, reason, message] = random.pick(overloads);
  return new ApiError(code, { reason, message });
}
