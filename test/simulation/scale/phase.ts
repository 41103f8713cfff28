// One phase in the life of many VMs as lines of the table.
import { type Row, seconds } from "../../bench/row.ts";
import { type Counted, type Counts, type Side, sideOf, total } from "./tally.ts";

export interface Phase {
  name: string;
  /** How many VMs, or nodes, what was counted is told for. */
  per: number;
  what: string;
  /** In virtual time, until all was done. */
  lastedMs: number;
  steps: number;
  cpuSeconds: number;
  counted: Counted;
}

export function phaseRows({ name, per, what, lastedMs, steps, cpuSeconds, counted }: Phase): Row[] {
  const { writes, vain, reads, events } = counted;
  const share = (counts: Counts, side: Side): string =>
    ofEach(total(counts, (who) => sideOf(who) === side).times, per);
  const sides = (counts: Counts): string =>
    `${ofEach(total(counts).times, per)}: user ${share(counts, "user")}, knvirt ${share(counts, "knvirt")}, ` +
    `Kubernetes ${share(counts, "Kubernetes")}`;
  const row = (label: string, value: string): Row => ({ name: `${name}: ${label}`, value });
  return [
    row(
      "virtual time; CPU, steps per second of it",
      `${seconds(lastedMs)}; ${seconds(cpuSeconds * 1000)}, ${rate(steps, cpuSeconds)}`,
    ),
    row(`writes per ${what}`, sides(writes)),
    ...parts(writes, per).map(([part, value]) => row(`  ${part}`, value)),
    row(`writes in vain per ${what}`, sides(vain)),
    row(`KB written per ${what}`, kilobytes(total(writes).bytes, per)),
    row(`reads per ${what}`, sides(reads)),
    ...parts(reads, per).map(([part, value]) => row(`  ${part}`, value)),
    row(`KB read per ${what}`, kilobytes(total(reads).bytes, per)),
    row(`watch events per ${what}`, sides(events)),
    row(`KB of watch events per ${what}`, kilobytes(total(events).bytes, per)),
  ];
}

const ofEach = (times: number, per: number): string => (times / per).toFixed(2);
const kilobytes = (bytes: number, per: number): string => (bytes / per / 1000).toFixed(1);
const rate = (steps: number, cpuSeconds: number): string => `${Math.round(steps / cpuSeconds)}`;

/** Those that are worth a line. */
const parts = (counts: Counts, per: number): [string, string][] =>
  [...counts]
    .filter(([, { times }]) => times / per >= 0.05)
    .toSorted()
    .map(([part, { times, bytes }]) => [part, `${ofEach(times, per)} of ${(bytes / times / 1000).toFixed(1)} KB`]);
