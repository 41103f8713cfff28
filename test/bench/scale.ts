// What many VMs cost an API server and our processes: the whole system in virtual time on a calm simulated cluster.
// docs/scale.md tells what this leaves out.

import { cpuSeconds } from "../simulation/scale/cpu.ts";
import { filledSite } from "../simulation/scale/filled.ts";
import { type Growth, growthOf } from "../simulation/scale/memory.ts";
import { type Phase, phaseRows } from "../simulation/scale/phase.ts";
import { type Settled, settledCosts, type Work } from "../simulation/scale/settled.ts";
import { openSite, type Site, type SiteOptions } from "../simulation/scale/site.ts";
import { median, type Row, seconds } from "./row.ts";

export interface Scale {
  vms: number;
  nodes: number;
  /** They are not lived through, only filled in: what they cost where nothing happens can be told of many more. */
  isSettled: boolean;
}

/** Restarted at once, and created at a rate. */
const some = ({ vms }: SiteOptions): number => Math.min(vms, 1_000);
const perSecond = 20;
const [minute, hour] = [60_000, 3_600_000];

export async function scaleBench(scale: Scale): Promise<Row[]> {
  if (scale.isSettled) return await filled(scale);
  const rows = await atOnce(scale);
  return [...rows, ...(await atARate({ vms: some(scale), nodes: Math.min(scale.nodes, 100) }))];
}

async function filled(scale: Scale): Promise<Row[]> {
  console.error(`scale: filling in ${scale.vms} VMs ...`);
  const site = await filledSite(scale);
  const settled = await settledCosts(site);
  return [...rowsOfSettled(scale.vms, settled), ...rowsOfGrowth(await growthOf(site, scale.vms))];
}

async function atOnce(scale: SiteOptions): Promise<Row[]> {
  const { vms, nodes } = scale;
  const site = openSite(scale);
  const phase = phasesOf(site);
  const all = numbers(vms);
  const idleNodes = await phase({ name: `${nodes} nodes join`, per: nodes, what: "node" }, () =>
    site.pass(2 * minute),
  );
  const create = await phase({ name: `${vms} VMs created at once on ${nodes} nodes`, per: vms, what: "VM" }, () => {
    site.create(all);
    return site.until(() => site.books.starts >= vms, "all run");
  });
  const startTimes = site.books.takeStartTimes();
  const idle = await phase({ name: `an hour of ${vms} VMs that run`, per: vms, what: "VM" }, () => site.pass(hour));
  console.error("scale: sweeping ...");
  const settled = await settledCosts(site);
  const growth = await growthOf(site, vms);
  site.tally.take();
  const again = some(scale);
  const restart = await phase({ name: `${again} of them restarted at once`, per: again, what: "VM" }, () => {
    site.restart(all.slice(0, again));
    return site.until(() => site.books.starts >= vms + again, "all run again");
  });
  const remove = await phase({ name: `${vms} VMs deleted at once`, per: vms, what: "VM" }, () => {
    site.remove(all);
    return site.until(() => kinds.every((kind) => site.books.there(kind) === 0), "all are gone");
  });
  site.close();
  const [joined, born, lived, reborn, gone] = [idleNodes, create, idle, restart, remove].map(phaseRows);
  const settledRows = [...rowsOfSettled(vms, settled), ...rowsOfGrowth(growth)];
  return [joined, born, rowsOfStart(startTimes), lived, settledRows, reborn, gone].flatMap((rows) => rows ?? []);
}

const kinds = ["VirtualMachine", "VirtualMachineInstance", "Pod"];
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function atARate(scale: SiteOptions): Promise<Row[]> {
  const site = openSite(scale);
  await site.pass(2 * minute);
  for (const number of numbers(scale.vms))
    site.world.timeline.after((number * 1000) / perSecond, () => site.create([number]));
  await site.until(() => site.books.starts >= scale.vms, "all run");
  const rows = rowsOfStart(site.books.takeStartTimes());
  await site.pass(minute);
  site.close();
  return rows.map((row) => ({ ...row, name: `${perSecond} of ${scale.vms} VMs created each second: ${row.name}` }));
}

/** Each to its end, and until all that follows from it has happened. */
const phasesOf =
  (site: Site) =>
  async (of: Pick<Phase, "name" | "per" | "what">, work: () => Promise<void>): Promise<Phase> => {
    console.error(`scale: ${of.name} ...`);
    const { timeline } = site.world;
    site.tally.take();
    const [beganMs, stepsBefore, cpuBefore] = [timeline.nowMs, timeline.steps, cpuSeconds()];
    await work();
    const lastedMs = timeline.nowMs - beganMs;
    await site.pass(2 * minute);
    const [steps, cpu] = [timeline.steps - stepsBefore, cpuSeconds() - cpuBefore];
    return { ...of, lastedMs, steps, cpuSeconds: cpu, counted: site.tally.take() };
  };

/** Sorted. */
function rowsOfStart(times: number[]): Row[] {
  const at = (share: number): string => seconds(times[Math.floor((times.length - 1) * share)] ?? Number.NaN);
  return [
    {
      name: "from its creation to phase Running: median, 95th of 100, slowest",
      value: `${seconds(median(times))}, ${at(0.95)}, ${at(1)}`,
    },
  ];
}

const rate = ({ objects, cpuSeconds: spent }: Work): string => `${Math.round(objects / spent)}`;

const rowsOfSettled = (vms: number, { sweep, visits, listBytes }: Settled): Row[] => [
  {
    name: `sweep over ${vms} settled VMs, ${sweep.objects} objects: writes`,
    value: `${sweep.writes}`,
    target: "0",
    met: sweep.writes === 0,
  },
  {
    name: "sweep: CPU, objects per second of it, reads, JSON listed",
    value: `${sweep.cpuSeconds.toFixed(2)} s, ${rate(sweep)}, ${sweep.reads}, ${(listBytes / 1e6).toFixed(1)} MB`,
  },
  {
    name: "visits of settled objects: writes",
    value: `${visits.writes}`,
    target: "0",
    met: visits.writes === 0,
  },
  {
    name: "visits: per second of CPU, reads of each",
    value: `${rate(visits)}, ${(visits.reads / visits.objects).toFixed(2)}`,
  },
];

const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(2)} KiB`;

const rowsOfGrowth = ({ source, controller, executor }: Growth): Row[] => [
  { name: "heap kept for each VM: functions", value: "0 KiB: no state" },
  { name: "heap kept for each VM: source, controller", value: `${kibibytes(source)}, ${kibibytes(controller)}` },
  { name: "heap kept for each guest of its node: executor", value: kibibytes(executor) },
];
