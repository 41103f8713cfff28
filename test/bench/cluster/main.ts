// npm run bench:cluster: what a cluster pays for knvirt, as one table for each overlay. Names of parts select some.
import { parseArgs } from "node:util";
import { accessFromKubeconfig, connectClient, namespaces } from "@knvirt/kubernetes";
import { attachCluster } from "../../cluster/index.ts";
import { install } from "../../cluster/overlay/install.ts";
import { remove } from "../../cluster/overlay/remove.ts";
import { clusterHost } from "../../support/cluster-host.ts";
import { installNamespace } from "../../support/cluster-names.ts";
import { printMachine, printRows } from "../report.ts";
import type { Row } from "../row.ts";
import type { Bench } from "./bench.ts";

const parts: Record<string, (bench: Bench) => Promise<Row[]>> = {
  images: async (bench) => (await import("./images.ts")).imagesBench(bench),
  start: async (bench) => (await import("./function-start.ts")).functionStartBench(bench),
  boot: async (bench) => (await import("./boot.ts")).bootBench(bench),
  requests: async (bench) => (await import("./requests.ts")).requestsBench(bench),
  idle: async (bench) => (await import("./idle.ts")).idleBench(bench),
};

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    overlay: { type: "string", multiple: true, default: ["knative", "controller"] },
    "idle-minutes": { type: "string", default: "30" },
    rounds: { type: "string", default: "5" },
  },
});
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`no such benchmark: ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);

printMachine();
const cluster = attachCluster();
const client = connectClient(accessFromKubeconfig(cluster.kubeconfig), "knvirt-bench");
for (const overlay of values.overlay) await benchOverlay(overlay);
client.close();

/** An overlay that is installed already is left as it is. */
async function benchOverlay(overlay: string): Promise<void> {
  const wasThere = (await client.find(namespaces, { name: installNamespace })) !== undefined;
  if (!wasThere) await install(cluster, client, overlay);
  const bench: Bench = {
    cluster,
    client,
    overlay,
    host: clusterHost(cluster.kubeconfig),
    rounds: Number(values.rounds),
    idleMinutes: Number(values["idle-minutes"]),
  };
  try {
    for (const [name, run] of Object.entries(parts)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      console.error(`running ${name} on ${overlay} ...`);
      const rows = await run(bench);
      console.log(`overlay ${overlay}, ${name}`);
      printRows(rows);
    }
  } finally {
    bench.host.client.close();
    if (!wasThere) await remove(cluster, client, overlay);
  }
}
