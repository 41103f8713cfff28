// Figures as a table, under a line about the machine that they were measured on.
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { table } from "../../standalone/vm-report.ts";
import type { Row } from "./row.ts";

export function printMachine(): void {
  const osName = /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "unknown";
  const processors = `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(`machine: ${processors}, ${memory}, ${osName}, Linux ${release()}, Node ${process.version}\n`);
}

export function printRows(rows: Row[]): void {
  const cells = rows.map((row) => [row.name, row.value, row.target ?? "", verdict(row)]);
  console.log(table([["what", "figure", "target", ""], ...cells]));
}

const verdict = ({ met }: Row): string => (met === undefined ? "" : met ? "met" : "MISSED");
