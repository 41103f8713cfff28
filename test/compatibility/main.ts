// npm run coverage:api: how much of upstream's API our schema has; with --missing what it has not, and why.
import { percent, speaksOf } from "./coverage.ts";
import { coverageOfParts } from "./parts.ts";
import { reasons } from "./reasons.ts";

const coverage = coverageOfParts();
const row = (cells: (string | number)[]) =>
  cells.map((cell, column) => (column === 0 ? String(cell).padEnd(32) : String(cell).padStart(8))).join("");

console.log(row(["part", "fields", "there", "missing", "share"]));
let [total, there] = [0, 0];
for (const [{ name }, counted] of coverage) {
  const present = counted.total - counted.missing.length;
  console.log(row([name, counted.total, present, counted.missing.length, percent(counted)]));
  total += counted.total;
  there += present;
}
console.log(row(["all", total, there, total - there, `${Math.floor((100 * there) / total)} %`]));

if (process.argv.includes("--missing"))
  for (const [{ name }, { missing }] of coverage) {
    console.log(`\n${name}`);
    for (const { field, reason } of missing) console.log(`  ${field}: ${reason ?? "no reason given"}`);
  }

const missingOf = (kind: string) =>
  [...coverage].flatMap(([part, { missing }]) => (part.kind === kind ? missing.map(({ field }) => field) : []));
for (const [kind, table] of Object.entries(reasons)) {
  const fields = missingOf(kind);
  for (const pattern of Object.keys(table).filter((entry) => !fields.some((field) => speaksOf(entry, field)))) {
    console.log(`reason for ${kind} ${pattern} has nothing to speak of: found no such missing field, remove it`);
    process.exitCode = 1;
  }
}
