// One look at the node for a scrape, and the text that it makes.
import { isEnabled, type KubeVirt, type VirtualMachineInstance } from "@knvirt/api";
import type { Key, Pod } from "@knvirt/kubernetes";
import type { DomainState, StatsReply } from "@knvirt/proto";
import type { LifecycleCounts } from "../lifecycle/index.ts";
import { type Device, groups, type Instance, type Metric, type Sampled, type Scrape } from "./metric.ts";
import type { Samples } from "./samples.ts";
import { headText, type Labels, labelText } from "./text-format.ts";

/** What the metrics are computed from; the executor has all of it anyway, for its own work. */
export interface MetricSources {
  node: string;
  vmis(): VirtualMachineInstance[];
  settings(): KubeVirt | undefined;
  launcherOf(
    vmi: Key,
  ): { pod: Pod; podUid: string; domain: DomainState | undefined; stats(): Promise<StatsReply> } | undefined;
  samples: Samples;
  lifecycle(): LifecycleCounts;
}

export async function exposition(metrics: Metric[], sources: MetricSources): Promise<string> {
  const scrape = await look(sources);
  const settings = sources.settings();
  return metrics
    .filter(({ gate }) => !gate || isEnabled(gate, settings))
    .map((metric) => headText(metric) + metric.series(scrape))
    .join("");
}

async function look({ node, vmis, launcherOf, samples, lifecycle }: MetricSources): Promise<Scrape> {
  const found = vmis().map((vmi) => ({ vmi, launcher: launcherOf(vmi.metadata) }));
  const replies = await samples.collect(found.flatMap(({ launcher }) => launcher ?? []));
  const instances: Instance[] = [];
  const sampled: Sampled[] = [];
  for (const { vmi, launcher } of found) {
    const instance = { node, vmi, pod: launcher?.pod, domain: launcher?.domain };
    const reply = launcher && replies.get(launcher.podUid);
    instances.push(instance);
    if (reply) sampled.push(withFigures(instance, reply));
  }
  return { node, instances, sampled, lifecycle: lifecycle() };
}

/** More devices than a guest can have, and longer names: a bound on what a launcher can make us print. */
const [mostDevices, longestName] = [768, 253];

function withFigures(instance: Instance, { numbers, texts }: StatsReply): Sampled {
  const { domain } = instance;
  const taps = new Map(domain?.interfaces.map(({ name, tap }) => [tap, name]));
  const targets = new Map(domain?.disks.map(({ name, target }) => [target, name]));
  const labels = labelText(baseLabels(instance));
  const figures = { numbers, texts, labels };
  return {
    ...instance,
    labels,
    figures: numbers,
    vcpus: vcpusOf(figures),
    interfaces: devicesOf(figures, "interfaces", (target) => ({ interface: taps.get(target) ?? target })),
    drives: devicesOf(figures, "drives", (target) => ({ drive: targets.get(target) ?? target })),
  };
}

interface Figures extends Pick<StatsReply, "numbers" | "texts"> {
  labels: string;
}

/** Processors that were unplugged leave gaps in the numbers. */
function vcpusOf({ numbers, labels }: Figures): Device[] {
  const most = Math.min(numbers["vcpu.maximum"] ?? 0, mostDevices);
  return Array.from({ length: most }, (_, index) => ({ index, labels: `id="${index}",${labels}` }));
}

/** By name once only: a series that appears twice makes Prometheus refuse the whole scrape. */
function devicesOf(
  { numbers, texts, labels: shared }: Figures,
  kind: "interfaces" | "drives",
  labelsOf: (target: string) => Labels,
): Device[] {
  const group = groups[kind];
  const devices = new Map<string, Device>();
  const count = Math.min(numbers[`${group}.count`] ?? 0, mostDevices);
  for (let index = 0; index < count; index += 1) {
    const own = labelsOf(texts[`${group}.${index}.name`] ?? "");
    const [name = ""] = Object.values(own);
    if (name !== "" && name.length <= longestName && !devices.has(name))
      devices.set(name, { index, labels: `${labelText(own)},${shared}` });
  }
  return [...devices.values()];
}

/** As upstream names them; of two keys that become one the first in order stays, and an empty value is no label. */
function baseLabels({ node, vmi: { metadata } }: Instance): Labels {
  const labels: Record<string, string> = { node, namespace: metadata.namespace, name: metadata.name };
  for (const [key, value] of Object.entries(metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = `kubernetes_vmi_label_${key.replace(/[^A-Za-z0-9_]/g, "_")}`;
    if (value !== "") labels[name] ??= value;
  }
  return labels;
}
