// The executor of each node: the real loop, on a node that is not there.
import { startExecutor } from "@knvirt/node-executor";
import type { SimulatedNode } from "../cluster/index.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import { logOf, type OnLog } from "./log.ts";
import { type Supervised, supervised } from "./supervised.ts";

export function runExecutors(nodes: readonly SimulatedNode[], onLog: OnLog): Supervised[] {
  return nodes.map((node) => {
    const cursors = keptText();
    const executor = supervised({
      ...{ on: node, name: `executor-${node.name}`, user: `knvirt-executor@${node.name}` },
      mayRun: () => node.isUp,
      start: (process) => start(process, node, { cursors, onLog }),
    });
    node.onBoot(executor.ensure);
    return executor;
  });
}

/** A file of the node: it outlives the process. */
const keptText = () => {
  let kept: string | undefined;
  return {
    read: () => kept,
    write: (text: string) => {
      kept = text;
      return Promise.resolve();
    },
  };
};

interface Parts {
  cursors: ReturnType<typeof keptText>;
  onLog: OnLog;
}

function start(process: SimulatedProcess, node: SimulatedNode, { cursors, onLog }: Parts): void {
  startExecutor({
    client: process.client,
    node: node.name,
    clock: process.clock,
    log: logOf(process, onLog),
    connect: (podUid, onChange) => node.connectLauncher(podUid, onChange, process),
    host: {
      // What it does takes time, and no more: how a launcher fails is told by the launcher.
      prepareNetwork: () => late(process, []),
      prepareLauncher: () => late(process, { unpackedAt: "", smallDisks: [] }),
      capabilities: () => Promise.resolve([]),
      cursors,
    },
  });
}

/** Whatever is done on the node takes some time, in which anything may happen. */
const late = <T>(process: SimulatedProcess, result: T): Promise<T> =>
  new Promise((resolve) => {
    process.reach(process.random.between(1, 300), () => resolve(result));
  });
