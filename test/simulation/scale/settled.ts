// What the functions cost where nothing is to be done: a sweep over all objects and a visit to each, without a network.
import { type VirtualMachine, virtualMachines } from "@knvirt/api";
import { clientOver, keyOf, type Transport } from "@knvirt/kubernetes";
import type { Log } from "../../../functions/runtime/log.ts";
import { run } from "../../../functions/runtime/run.ts";
import { startFunctions } from "../../../functions/runtime/start.ts";
import type { ApiServer } from "../api-server/index.ts";
import { definitions } from "../system/index.ts";
import { cpuSeconds } from "./cpu.ts";
import type { Site } from "./site.ts";
import { type Counted, total } from "./tally.ts";

export interface Settled {
  sweep: Work;
  visits: Work;
  /** Of the objects that a sweep listed, as JSON. */
  listBytes: number;
}

export interface Work {
  objects: number;
  cpuSeconds: number;
  writes: number;
  reads: number;
}

/** As many visits tell what one costs. */
const mostVisits = 10_000;

export async function settledCosts(site: Pick<Site, "world" | "tally" | "user">): Promise<Settled> {
  const { world, tally, user } = site;
  const client = clientOver(straightTo(world.api));
  const functions = startFunctions({ definitions, client, log: silent, clock: user.clock });
  tally.take();
  const swept = await timed(tally.take, async () => {
    const results = await functions.sweep();
    return results.reduce((sum, { objects }) => sum + objects, 0);
  });
  const vms = world.api.all<VirtualMachine>(virtualMachines).slice(0, mostVisits);
  const visited = await timed(tally.take, async () => {
    const { now, elapsedMs } = user.clock;
    for (const vm of vms)
      for (const definition of definitions) await run({ client, now, elapsedMs }, definition, keyOf(vm));
    return vms.length * definitions.length;
  });
  await functions.close();
  return { sweep: swept.work, visits: visited.work, listBytes: total(swept.counted.reads).bytes };
}

async function timed(take: () => Counted, work: () => Promise<number>): Promise<{ work: Work; counted: Counted }> {
  const before = cpuSeconds();
  const objects = await work();
  const spent = cpuSeconds() - before;
  const counted = take();
  const writes = total(counted.writes).times + total(counted.vain).times;
  return { counted, work: { objects, writes, cpuSeconds: spent, reads: total(counted.reads).times } };
}

/** Answers at once: what is left is the work of the functions, and that of the model. */
export const straightTo = (api: ApiServer): Transport => ({
  sent: {},
  open: () => Promise.reject(new Error("nobody opens anything here")),
  call: async <Answer>(request: Parameters<Transport["call"]>[0]) => api.call(request, "knvirt-functions") as Answer,
  lines: () => Promise.reject(new Error("nobody watches here")),
  close: () => undefined,
});

const ignore = (): void => undefined;
export const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore } as unknown as Log;
