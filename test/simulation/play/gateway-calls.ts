// Start, stop and restart: what the real gateway does when it is asked, in a process that may die between its writes.
import type { Client } from "@knvirt/kubernetes";
import { GatewayError } from "../../../gateway/errors.ts";
import type { PlainCall } from "../../../gateway/subresource.ts";
import { restartVm, startVm, stopVm } from "../../../gateway/vm/run.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { World } from "../engine/world.ts";
import { type Supervised, supervised } from "../system/supervised.ts";
import { NotAsked, PartlyDone } from "./ask.ts";
import { namespace } from "./vm-objects.ts";

const verbs = { start: startVm, stop: stopVm, restart: restartVm } as const;

export const startGateway = (world: World): Supervised =>
  supervised({ on: world, name: "gateway", user: "knvirt-gateway", start: () => undefined });

export interface Asking {
  verb: keyof typeof verbs;
  vm: string;
  body: Record<string, unknown>;
}

export async function callGateway(process: SimulatedProcess | undefined, asking: Asking): Promise<void> {
  if (!process) throw new NotAsked("gateway: connection refused");
  const { verb, vm, body } = asking;
  process.note(`is asked to ${verb} ${vm} ${JSON.stringify(body)}`);
  const writes = { count: 0 };
  const client = counting(process.client, writes);
  const call = { client, body, wanted: { namespace, name: vm } } as unknown as PlainCall;
  await arrives(process);
  try {
    await verbs[verb](call);
  } catch (error) {
    if (error instanceof GatewayError && writes.count > 0) throw new PartlyDone(error.message, { cause: error });
    throw error;
  }
}

const arrives = (process: SimulatedProcess): Promise<void> =>
  new Promise((resolve) => {
    process.reach(process.random.between(1, 20), resolve);
  });

/** Counts what was written. */
const counting = (client: Client, writes: { count: number }): Client => ({
  ...client,
  mergePatch: async (...change) => {
    const written = await client.mergePatch(...change);
    writes.count += 1;
    return written;
  },
});
