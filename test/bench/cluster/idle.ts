// What stays up when nothing happens: memory and CPU of what is ours and of Knative, and how often functions wake.
import { setTimeout as sleep } from "node:timers/promises";
import { type Pod, pods } from "@knvirt/kubernetes";
import { installNamespace } from "../../support/cluster-names.ts";
import { cpuSecondsOf, pssOf, sum } from "../../support/memory.ts";
import { processesIn } from "../../support/processes.ts";
import { mebibytes, type Row } from "../row.ts";
import { asleep, type Bench, functionPods, sleeps } from "./bench.ts";

const mib = 1024 * 1024;
const sampleMs = 5_000;

interface Share {
  pss: number;
  cpuSeconds: number;
}

export async function idleBench(bench: Bench): Promise<Row[]> {
  if (sleeps(bench)) await asleep(bench);
  const before = await sharesOf(bench);
  const started = performance.now();
  const samples: number[] = [];
  while (performance.now() - started < bench.idleMinutes * 60_000) {
    samples.push((await functionPods(bench)).length);
    await sleep(sampleMs);
  }
  if (sleeps(bench)) await asleep(bench);
  const seconds = (performance.now() - started) / 1000;
  const after = await sharesOf(bench);
  const target = sleeps(bench) ? 150 : 200;
  return [
    ...memoryRows(after, target),
    ...cpuRows({ before, after, seconds }),
    ...(sleeps(bench) ? functionRows(samples, bench.idleMinutes) : []),
  ];
}

/** By workload, of one node, and one sum for Knative, in whose namespaces nothing of ours runs. */
async function sharesOf({ client, cluster }: Bench): Promise<Map<string, Share>> {
  const [node] = cluster.nodes;
  const isElsewhere = ({ metadata, spec }: Pod) =>
    metadata.labels?.["app.kubernetes.io/name"] === "knvirt-executor" && spec.nodeName !== node?.name;
  const items = (await client.list(pods)).items.filter((pod) => !isElsewhere(pod));
  const named = items.flatMap((pod) => {
    const component = componentOf(pod);
    return component ? [[component, shareOf(pod)] as const] : [];
  });
  const shares = new Map<string, Share>();
  for (const [component, share] of named) {
    const so = shares.get(component) ?? { pss: 0, cpuSeconds: 0 };
    shares.set(component, { pss: so.pss + share.pss, cpuSeconds: so.cpuSeconds + share.cpuSeconds });
  }
  return shares;
}

const knative = "Knative";

function componentOf({ metadata }: Pod): string | undefined {
  const { namespace = "", labels = {} } = metadata;
  if (/^(knative-|kourier-)/.test(namespace) || labels["eventing.knative.dev/sourceName"]) return knative;
  return namespace === installNamespace ? labels["app.kubernetes.io/name"] : undefined;
}

function shareOf({ metadata }: Pod): Share {
  const pids = processesIn(`pod${metadata.uid}`);
  return { pss: sum(pids.map(pssOf)), cpuSeconds: sum(pids.map(cpuSecondsOf)) };
}

const isOurs = ([component]: [string, Share]): boolean => component !== knative;

function memoryRows(shares: Map<string, Share>, targetMib: number): Row[] {
  const whole = sum([...shares].filter(isOurs).map(([, { pss }]) => pss));
  return [
    {
      name: "idle memory of all that is ours, with one executor (PSS)",
      value: mebibytes(whole),
      target: `under ${targetMib} MiB`,
      met: whole < targetMib * mib,
    },
    ...[...shares].map(([component, { pss }]) => ({
      name: `idle memory, ${component} (PSS)`,
      value: mebibytes(pss),
    })),
  ];
}

interface Span {
  before: Map<string, Share>;
  after: Map<string, Share>;
  seconds: number;
}

const cpuRows = ({ before, after, seconds }: Span): Row[] =>
  [...after].map(([component, { cpuSeconds }]) => {
    const used = cpuSeconds - (before.get(component)?.cpuSeconds ?? 0);
    return { name: `idle CPU, ${component}`, value: `${((used / seconds) * 1000).toFixed(1)} mCPU` };
  });

function functionRows(samples: number[], minutes: number): Row[] {
  const wakes = samples.filter((count, index) => count > 0 && (samples[index - 1] ?? 0) === 0).length;
  const asleepShare = samples.filter((count) => count === 0).length / samples.length;
  return [
    {
      name: `function pods over ${minutes} idle minutes, mean`,
      value: (sum(samples) / samples.length).toFixed(2),
      target: "0",
      met: sum(samples) === 0,
    },
    {
      name: "share of that time without any, and times woken",
      value: `${(asleepShare * 100).toFixed(0)} %, ${wakes}`,
    },
  ];
}
