// The server in front of functions that are sent their events.
import type { AddressInfo } from "node:net";
import { listen, type Port } from "./listen.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";
import { receiverOf } from "./receiver.ts";
import { functionServer } from "./server.ts";
import type { Functions } from "./start.ts";
import { askAt } from "./stay-awake.ts";

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
  const askItself = awakeUrl === undefined ? undefined : askAt(awakeUrl);
  const { answer, open, close } = receiverOf({ functions, metrics, askItself, log });
  const server = functionServer({ answer, log });
  await listen(server, where);
  open();
  return {
    address: server.address(),
    close: async () => {
      const ended = close();
      server.close();
      await ended;
      server.closeAllConnections();
    },
  };
}
