// npm run bench: the figures of SPECIFICATION.md on this machine, as a table. Names of parts select some of them.
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { table } from "../../standalone/vm-report.ts";
import type { Row } from "./row.ts";

const parts: Record<string, () => Promise<Row[]>> = {
  boot: async () => (await import("./boot.ts")).bootBench(),
  crowd: async () => (await import("./crowd.ts")).crowdBench(),
  libvirt: async () => (await import("./libvirt-client.ts")).libvirtClientBench(),
  sweep: async () => (await import("./sweep.ts")).sweepBench(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`no such benchmark: ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);

const osName = /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "unknown";
console.log(
  `machine: ${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${osName}, Linux ${release()}, Node ${process.version}\n`,
);

const rows: Row[] = [];
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`running ${name} ...`);
  rows.push(...(await run()));
}
const verdict = ({ met }: Row): string => (met === undefined ? "" : met ? "met" : "MISSED");
console.log(
  table([
    ["what", "figure", "target", ""],
    ...rows.map((row) => [row.name, row.value, row.target ?? "", verdict(row)]),
  ]),
);
