// Functions that are sent their events: the server in front of them, and their orderly end.
import type { AddressInfo } from "node:net";
import { listen, type Port } from "./listen.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";
import { functionServer } from "./server.ts";
import type { Functions } from "./start.ts";
import { keepAwake } from "./stay-awake.ts";

export interface ServeOptions {
  functions: Functions;
  where: string | Port;
  /** Told to everybody who may connect. */
  metrics?: FunctionMetrics | undefined;
  /** Where this process is kept awake while keys wait; undefined where nobody ends idle processes. */
  awakeUrl?: string | undefined;
  log: Log;
}

export interface Served {
  address: AddressInfo | string | null;
  /** Takes no more; resolves when running work has ended. */
  close(): Promise<void>;
}

export async function serveFunctions({ functions, where, metrics, awakeUrl, log }: ServeOptions): Promise<Served> {
  const wakefulness = keepAwake({
    visits: functions.visits,
    url: awakeUrl,
    onError: (err) => log.warn({ err }, "what waits is left to the sweep: the own Service does not answer"),
  });
  let isReady = false;
  const server = functionServer({
    ...functions,
    stayAwake: wakefulness.stayAwake,
    isReady: () => isReady,
    ...(metrics && {
      metrics: { contentType: metrics.registry.contentType, text: () => metrics.registry.metrics() },
    }),
    log,
  });
  await listen(server, where);
  isReady = true;
  return {
    address: server.address(),
    close: async () => {
      isReady = false;
      wakefulness.close();
      server.close();
      await functions.close();
      server.closeAllConnections();
    },
  };
}
