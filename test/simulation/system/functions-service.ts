// The Knative Service of a group of functions: no pod, one, or several that know nothing of each other.
import type { FunctionDefinition } from "../../../functions/runtime/definition.ts";
import type { OpenLine } from "../../../functions/runtime/source/line.ts";
import type { Random } from "../engine/random.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";
import { callOf, type Delivery, undisturbed } from "./call.ts";
import { type FunctionsPod, functionsPod } from "./functions-pod.ts";
import type { OnLog } from "./log.ts";

export interface FunctionsService {
  lineOf(caller: SimulatedProcess): OpenLine;
  readonly pods: readonly FunctionsPod[];
}

export interface FunctionsServiceOptions {
  world: World;
  definitions: readonly FunctionDefinition[];
  /** Most pods at a time. */
  replicas: number;
  delivery: Delivery;
  onLog: OnLog;
}

interface Scaling {
  options: FunctionsServiceOptions;
  random: Random;
  pods: FunctionsPod[];
  /** Requests that found no pod. */
  waiting: ((pod: FunctionsPod) => void)[];
  births: number;
}

/** Knative looks so often, and ends what had nothing to do for so long. */
const [lookEveryMs, idleMs] = [6_000, 36_000];
/** A request that finds a pod may still start another, as the autoscaler does under load. */
const crowding = 0.1;

export function functionsService(options: FunctionsServiceOptions): FunctionsService {
  const { world, delivery } = options;
  const scaling: Scaling = { options, random: world.random.fork("Knative"), pods: [], waiting: [], births: 0 };
  return {
    get pods() {
      return scaling.pods;
    },
    lineOf: (caller) => {
      const closed = new AbortController();
      const { signal } = closed;
      const post = callOf({ world, delivery, caller, signal, route: (send) => route(scaling, send) });
      return { signal, post, close: () => closed.abort() };
    },
  };
}

const readyPods = ({ pods }: Scaling): FunctionsPod[] => pods.filter(({ isReady }) => isReady);

/** To a pod that takes requests, or the one that is started for it. */
function route(scaling: Scaling, send: (pod: FunctionsPod) => void): void {
  const { options, random, pods, waiting } = scaling;
  const ready = readyPods(scaling);
  if (ready.length === 0) {
    waiting.push(send);
    startForWaiting(scaling);
    return;
  }
  if (pods.length < options.replicas && random.chance(crowding)) scaleUp(scaling);
  send(random.pick(ready));
}

function startForWaiting(scaling: Scaling): void {
  const isStarting = scaling.pods.some(({ isStarting }) => isStarting);
  if (scaling.waiting.length > 0 && !isStarting) scaleUp(scaling);
}

function scaleUp(scaling: Scaling): void {
  const { world, definitions, onLog } = scaling.options;
  scaling.births += 1;
  const pod = functionsPod({
    ...{ world, definitions, onLog, name: `functions-${scaling.births}` },
    onReady: () => {
      for (const send of scaling.waiting.splice(0)) send(pod);
    },
    askItself: (caller, seconds, signal) => {
      const way = { world, delivery: undisturbed, caller, signal };
      const post = callOf({ ...way, route: (send) => route(scaling, send) });
      return post({ path: `/awake?seconds=${seconds}`, answerWithinMs: 300_000 }).then(() => undefined);
    },
  });
  scaling.pods.push(pod);
  pod.process.onEnd(() => {
    scaling.pods = scaling.pods.filter((other) => other !== pod);
    world.timeline.after(scaling.random.between(100, 3_000), () => startForWaiting(scaling));
  });
  if (scaling.pods.length === 1) world.timeline.after(lookEveryMs, () => look(scaling));
}

/** As long as there are pods. */
function look(scaling: Scaling): void {
  for (const pod of readyPods(scaling)) if (pod.idleMs >= idleMs) pod.terminate();
  if (scaling.pods.length > 0) scaling.options.world.timeline.after(lookEveryMs, () => look(scaling));
}
