// What our processes keep of each VM that is there: measured as growth of the heap, on objects parsed from text as real
// ones are, where those of the model are shared by all.
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Client, clientOver, pods, type Transport } from "@knvirt/kubernetes";
import { type LauncherConnection, startExecutor } from "@knvirt/node-executor";
import { groupsOf } from "../../../functions/groups.ts";
import { startControlLoop } from "../../../functions/runtime/control-loop.ts";
import { startFeed } from "../../../functions/runtime/source/feed.ts";
import type { ApiServer } from "../api-server/index.ts";
import { definitions } from "../system/index.ts";
import { silent } from "./settled.ts";
import type { Site } from "./site.ts";

/** Bytes for each VM, and for each guest of the node. */
export interface Growth {
  source: number;
  controller: number;
  executor: number;
}

/** So many nodes have guests enough to tell. */
const mostExecutors = 20;
const settledMs = 100;

export async function growthOf(
  { world, user: { clock } }: Pick<Site, "world" | "user">,
  vms: number,
): Promise<Growth> {
  const client = clientOver(parsing(world.api));
  const common = { client, clock, log: silent };
  const startSource = async () => {
    const line = { post: never<string>, signal: new AbortController().signal, close: () => undefined };
    const feed = startFeed({ ...common, groups: groupsOf(definitions), lineTo: () => line, newId: () => "" });
    await feed.synced;
    return feed;
  };
  // What is made once, such as compiled code, belongs to the first of them.
  await keptBy(startSource);
  const source = await keptBy(startSource);
  const controller = await keptBy(async () => {
    const loop = startControlLoop({ ...common, definitions, sweepSeconds: 0 });
    await loop.synced;
    return loop;
  });
  const nodes = [...new Set(world.api.all(pods).flatMap(({ spec }) => spec.nodeName ?? []))].slice(0, mostExecutors);
  const guests = world.api.all(pods).filter(({ spec }) => nodes.includes(spec.nodeName ?? "")).length;
  const startExecutors = () => executorsOf(common, nodes);
  await keptBy(startExecutors);
  const executors = await keptBy(startExecutors);
  return { source: source / vms, controller: controller / vms, executor: executors / guests };
}

async function executorsOf(
  common: { client: Client; clock: Site["user"]["clock"]; log: typeof silent },
  nodes: string[],
) {
  const host = {
    prepareNetwork: never,
    prepareLauncher: never,
    capabilities: () => Promise.resolve([]),
    cursors: { read: () => undefined, write: () => Promise.resolve() },
  };
  const executors = nodes.map((node) =>
    startExecutor({ ...common, node, connect: () => outOfReach, host: host as never }),
  );
  await Promise.all(executors.map(({ synced }) => synced));
  return { close: () => Promise.all(executors.map((executor) => executor.close())) };
}

/** The way to a launcher is not counted: it is a socket and what gRPC keeps of it. */
const outOfReach: LauncherConnection = {
  ...{ domain: undefined, reachableSinceMs: undefined, isReachable: false },
  ...{ probeCapabilities: never, start: never, stats: never, ask: never, close: () => undefined },
};

async function keptBy(start: () => Promise<{ close(): unknown }>): Promise<number> {
  const before = heapBytes();
  const started = await start();
  await settled();
  const kept = heapBytes() - before;
  // Not awaited: what still waits for an answer never gets one here.
  started.close();
  await settled();
  return kept;
}

/** What is let go of is garbage some turns later. */
const settled = (): Promise<void> => pause(settledMs);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/** Reads only; watches are open and tell nothing. */
const parsing = (api: ApiServer): Transport => ({
  sent: {},
  open: never,
  call: <Answer>(request: Parameters<Transport["call"]>[0]) => {
    if (request.method !== "GET") return never<Answer>();
    return Promise.resolve(JSON.parse(JSON.stringify(api.call(request, "bench"))) as Answer);
  },
  lines: async <Line>() => ({ [Symbol.asyncIterator]: () => ({ next: never<IteratorResult<Line>> }) }),
  close: () => undefined,
});
