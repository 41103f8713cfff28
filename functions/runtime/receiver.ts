// Functions that are sent their events: what they answer, whether they take any, and their orderly end. How requests
// reach them is the host's affair.
import { type Clock, systemClock } from "@knvirt/kubernetes";
import { type FunctionsAnswer, type FunctionsRequest, functionsAnswer } from "./answer.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";
import type { Functions } from "./start.ts";
import { type AskItself, keepAwake } from "./stay-awake.ts";

export interface ReceiverOptions {
  functions: Functions;
  /** Told to everybody who may send requests. */
  metrics?: FunctionMetrics | undefined;
  /** Keeps this process awake while keys wait; undefined where nobody ends idle processes. */
  askItself?: AskItself | undefined;
  log: Log;
  clock?: Clock;
}

export interface Receiver {
  answer(request: FunctionsRequest): Promise<FunctionsAnswer>;
  /** From now on events are taken. */
  open(): void;
  /** Takes no more; resolves when running work has ended. */
  close(): Promise<void>;
}

export function receiverOf({ functions, metrics, askItself, log, clock = systemClock }: ReceiverOptions): Receiver {
  const wakefulness = keepAwake({
    visits: functions.visits,
    askItself,
    onError: (err) => log.warn({ err }, "what waits is left to the sweep: the own Service does not answer"),
    clock,
  });
  let isReady = false;
  return {
    answer: functionsAnswer({
      ...functions,
      stayAwake: wakefulness.stayAwake,
      isReady: () => isReady,
      ...(metrics && {
        metrics: { contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() },
      }),
      log,
      clock,
    }),
    open: () => {
      isReady = true;
    },
    close: async () => {
      isReady = false;
      wakefulness.close();
      await functions.close();
    },
  };
}
