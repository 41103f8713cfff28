// npm run bench: the figures of SPECIFICATION.md on this machine, as a table. Names of parts select some of them;
// `scale --vms N --nodes M` says how large the cluster is, `--settled` that it is only filled, not lived through.
import { parseArgs } from "node:util";
import { printMachine, printRows } from "./report.ts";
import type { Row } from "./row.ts";

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    vms: { type: "string", default: "10000" },
    nodes: { type: "string", default: "1000" },
    settled: { type: "boolean", default: false },
  },
});
const scale = { vms: Number(values.vms), nodes: Number(values.nodes), isSettled: values.settled };

const parts: Record<string, () => Promise<Row[]>> = {
  boot: async () => (await import("./boot.ts")).bootBench(),
  crowd: async () => (await import("./crowd.ts")).crowdBench(),
  libvirt: async () => (await import("./libvirt-client.ts")).libvirtClientBench(),
  verbs: async () => (await import("./verbs.ts")).verbsBench(),
  sweep: async () => (await import("./sweep.ts")).sweepBench(),
  scale: async () => (await import("./scale.ts")).scaleBench(scale),
};

const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`no such benchmark: ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);

printMachine();
const rows: Row[] = [];
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`running ${name} ...`);
  rows.push(...(await run()));
}
printRows(rows);
