// A request to functions and the way to them, on which events are lost, doubled and overtaken.
import type { Message } from "../../../functions/runtime/source/line.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";
import type { FunctionsPod } from "./functions-pod.ts";

/** Probabilities, for each event. */
export interface Delivery {
  /** The sender is told that it did not arrive. */
  lost: number;
  /** The sender is told that it arrived, and it did not: as by a Broker that takes it and forgets. */
  swallowed: number;
  doubled: number;
  /** Most that it takes in addition. */
  lateMs: number;
}

export const undisturbed: Readonly<Delivery> = { lost: 0, swallowed: 0, doubled: 0, lateMs: 0 };

interface Way {
  world: World;
  delivery: Readonly<Delivery>;
  caller: SimulatedProcess;
  /** The caller does not wait any more. */
  signal: AbortSignal;
  /** Finds a pod that takes it. */
  route(send: (pod: FunctionsPod) => void): void;
}

/** Each call resolves with the body of a good answer, and rejects otherwise. */
export function callOf(way: Way): (message: Message) => Promise<string> {
  const { caller, signal } = way;
  return async (message) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const close = (): void => reject(new Error("the line was closed"));
    const tooLate = (): void => reject(new Error(`functions had no answer in ${message.answerWithinMs} ms`));
    const callOff = caller.reach(message.answerWithinMs, tooLate);
    signal.addEventListener("abort", close, { once: true });
    send(way, message, { resolve, reject });
    try {
      return await promise;
    } finally {
      callOff();
      signal.removeEventListener("abort", close);
    }
  };
}

interface Sender {
  resolve(text: string): void;
  reject(error: unknown): void;
}

function send(way: Way, message: Message, { resolve, reject }: Sender): void {
  const { world, caller, route } = way;
  const later = (settle: () => void): void => void caller.reach(latencyMs(way, message), settle);
  const broken = (): void => later(() => reject(new Error("connection lost")));
  const arrive = (pod: FunctionsPod): void => {
    pod.process.onEnd(broken);
    pod.process.reach(0, () => {
      pod.answer(message).then(
        (text) => later(() => resolve(text)),
        (error) => later(() => reject(error)),
      );
    });
  };
  const fate = fateOf(way, message);
  if (fate === "lost") broken();
  if (fate === "swallowed") later(() => resolve(""));
  const times = { lost: 0, swallowed: 0, arrives: 1, doubled: 2 }[fate];
  for (let time = 0; time < times; time++) world.timeline.after(latencyMs(way, message), () => route(arrive));
}

const isEvent = ({ path }: Message): boolean => path === "/";

const latencyMs = ({ world, caller, delivery }: Way, message: Message): number =>
  world.network.latencyMs(caller.random) + (isEvent(message) ? caller.random.between(0, delivery.lateMs) : 0);

function fateOf({ delivery, caller }: Way, message: Message): "lost" | "swallowed" | "doubled" | "arrives" {
  const { random } = caller;
  if (random.chance(delivery.lost)) return "lost";
  if (!isEvent(message)) return "arrives";
  if (random.chance(delivery.swallowed)) return "swallowed";
  return random.chance(delivery.doubled) ? "doubled" : "arrives";
}
