// A pod of the functions as Knative runs it: started when somebody asks for something, ended when nobody does any more.
import type { FunctionDefinition } from "../../../functions/runtime/definition.ts";
import { type Receiver, receiverOf } from "../../../functions/runtime/receiver.ts";
import type { Message } from "../../../functions/runtime/source/line.ts";
import { startFunctions } from "../../../functions/runtime/start.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";
import { logOf, type OnLog } from "./log.ts";

export interface FunctionsPod {
  readonly process: SimulatedProcess;
  readonly isStarting: boolean;
  /** It takes requests. */
  readonly isReady: boolean;
  /** How long nobody has asked it for anything. */
  readonly idleMs: number;
  /** Resolves with the body of a good answer; rejects when it answers otherwise. Nothing happens when it dies. */
  answer(message: Message): Promise<string>;
  /** Ends in order: what runs is finished. */
  terminate(): void;
}

export interface FunctionsPodOptions {
  world: World;
  name: string;
  definitions: readonly FunctionDefinition[];
  onReady(): void;
  /** A request to its own Service, by which it stays awake. */
  askItself(process: SimulatedProcess, seconds: number, signal: AbortSignal): Promise<void>;
  onLog: OnLog;
}

/** What a pod takes to start: its sandbox, Node, and the bundle. */
const [shortestStartMs, longestStartMs] = [300, 2_500];
/** As Knative's pods have it. */
const longestWaitSeconds = 120;
const graceMs = 30_000;

export function functionsPod(options: FunctionsPodOptions): FunctionsPod {
  const { world, name, definitions, onReady, askItself, onLog } = options;
  const process = world.spawn(name, "knvirt-functions");
  const { client, clock, random } = process;
  let receiver: Receiver | undefined;
  let [state, asking, lastMs] = ["starts", 0, world.timeline.nowMs];
  process.reach(random.between(shortestStartMs, longestStartMs), () => {
    const log = logOf(process, onLog);
    const functions = startFunctions({ definitions, client, log, longestWaitSeconds, clock });
    receiver = receiverOf({ functions, log, clock, askItself: (...asked) => askItself(process, ...asked) });
    receiver.open();
    state = "serves";
    onReady();
  });
  return {
    process,
    get isStarting() {
      return process.isAlive && state === "starts";
    },
    get isReady() {
      return process.isAlive && state === "serves";
    },
    get idleMs() {
      return asking > 0 ? 0 : world.timeline.nowMs - lastMs;
    },
    answer: async ({ path, headers = {}, body = "" }) => {
      asking += 1;
      try {
        const answered = await receiver?.answer({ method: "POST", path, headers, body });
        if (!answered || answered.status >= 300) throw new Error(`functions answered ${answered?.status}`);
        return answered.body ?? "";
      } finally {
        asking -= 1;
        lastMs = world.timeline.nowMs;
      }
    },
    terminate: () => {
      if (state === "ends") return;
      state = "ends";
      process.note("is told to end");
      process.reach(graceMs, process.kill);
      void receiver?.close().then(process.kill);
    },
  };
}
