// For tests of the control plane: functions served on a socket, and an event source that feeds them alone.
import { randomUUID } from "node:crypto";
import {
  createMetrics,
  definitionsOf,
  deliverEvent,
  type ObjectChange,
  openLine,
  serveFunctions,
  startEventSource,
  startFunctions,
  watchedBy,
} from "@knvirt/functions";
import { type ClusterAccess, connectClient } from "@knvirt/kubernetes";
import { pino } from "pino";
import { type Faults, withFaults } from "../event-faults.ts";

const definitions = definitionsOf({ launcher: { image: "launcher:1" } });

export interface FeedingOptions extends Partial<Faults> {
  /** Events are calls in the same process, as in the controller, instead of requests to a socket. */
  direct?: boolean;
}

interface Feeding {
  socketPath: string;
  options: FeedingOptions;
  dropped: ObjectChange[];
}

export type Fed = Awaited<ReturnType<typeof startFed>>;

/** A process of functions, and an event source for it alone. */
export async function startFed(access: ClusterAccess, { socketPath, options, dropped }: Feeding) {
  const { direct = false, ...faults } = options;
  const [own, watching] = [connectClient(access), connectClient(access)];
  const log = pino({ level: "fatal" });
  const metrics = await createMetrics();
  const functions = await startFunctions({ definitions, client: own, log, metrics });
  const served = await serveFunctions({ functions, where: socketPath, log });
  const line = openLine({ socketPath });
  const onDropped = (change: ObjectChange) => dropped.push(change);
  const delivery = { line, sender: "knvirt.dev/test", newId: randomUUID, onDropped };
  const source = startEventSource({
    client: watching,
    watched: watchedBy(definitions),
    deliver: withFaults(
      direct ? ({ reference }) => functions.take(reference) : (change) => void deliverEvent(delivery, change),
      faults,
    ),
    tellsExisting: !direct,
  });
  await source.synced;
  return {
    functions,
    metrics,
    stop: () => served.close(),
    close: async (): Promise<void> => {
      source.close();
      line.close();
      await served.close();
      own.close();
      watching.close();
    },
  };
}
