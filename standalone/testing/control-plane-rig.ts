// For tests: API server, functions and event source together. What a node would do is done by hand.
import { join } from "node:path";
import { type KubeVirt, kubeVirts } from "@knvirt/api";
import type { FunctionMetrics, Functions, ObjectChange } from "@knvirt/functions";
import type { Client } from "@knvirt/kubernetes";
import { type Fed, type FeedingOptions, startFed } from "./fed-functions.ts";
import { startInstalledServer } from "./installed-server.ts";
import { namespace, type Objects, objectsOf } from "./rig-objects.ts";

export interface Rig extends Objects {
  client: Client;
  functions: Functions;
  metrics: FunctionMetrics;
  /** Ends the functions; events go on. */
  stop(): Promise<void>;
  /** Changes that no function took. */
  dropped: ObjectChange[];
  /** Of the functions, by function, verb and kind. */
  writes(): Promise<Record<string, number>>;
}

export interface RigOptions extends FeedingOptions {
  /** Two processes work on the same objects, each fed with all events. */
  twins?: boolean;
}

export async function withControlPlane(
  test: (rig: Rig) => Promise<void>,
  { twins = false, ...options }: RigOptions = {},
): Promise<void> {
  const { access, client, dataDir, close } = await startInstalledServer();
  await client.create(kubeVirts, settings);
  const dropped: ObjectChange[] = [];
  const names = twins ? ["one", "two"] : ["one"];
  const processes = await Promise.all(
    names.map((name) => startFed(access, { socketPath: join(dataDir, `${name}.sock`), options, dropped })),
  );
  try {
    const [first] = processes as [Fed];
    const { functions, metrics, stop } = first;
    const all = processes.map((each) => each.metrics);
    await test({ ...objectsOf(client), client, functions, metrics, stop, dropped, writes: () => writesOf(all) });
  } finally {
    for (const process of processes) await process.close();
    await close();
  }
}

const settings: KubeVirt = {
  apiVersion: "kubevirt.io/v1",
  kind: "KubeVirt",
  metadata: { name: "kubevirt", namespace },
  spec: { configuration: { developerConfiguration: { useEmulation: true } } },
};

async function writesOf(all: FunctionMetrics[]): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { writes } of all)
    for (const { labels, value } of (await writes.get()).values) {
      const what = `${labels.function} ${labels.verb} ${labels.kind}`;
      sums[what] = (sums[what] ?? 0) + value;
    }
  return sums;
}
