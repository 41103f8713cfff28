// One look at the node for a scrape, and its exposition in Prometheus' text format.
import { isEnabled, type KubeVirt, type VirtualMachineInstance } from "@knvirt/api";
import type { Key, Pod } from "@knvirt/kubernetes";
import type { DomainState, StatsReply } from "@knvirt/proto";
import { Registry } from "prom-client";
import type { Device, Instance, Labels, Metric, Sampled, Scrape } from "./metric.ts";
import type { Samples } from "./samples.ts";

/** What the metrics are computed from; the executor has all of it anyway, for its own work. */
export interface MetricSources {
  node: string;
  vmis(): VirtualMachineInstance[];
  settings(): KubeVirt | undefined;
  launcherOf(
    vmi: Key,
  ): { pod: Pod; podUid: string; domain: DomainState | undefined; stats(): Promise<StatsReply> } | undefined;
  samples: Samples;
}

/** The text of one scrape. Each has its own registry, so scrapes that overlap do not meet. */
export async function exposition(metrics: Metric[], sources: MetricSources): Promise<string> {
  const scrape = await look(sources);
  const settings = sources.settings();
  const registry = new Registry();
  for (const metric of metrics) {
    if (metric.gate && !isEnabled(metric.gate, settings)) continue;
    const { name, help, type } = metric;
    // prom-client asks a metric for its values when it prints; its own classes would have each series set one by one.
    const computed = { name, help, type, get: () => ({ name, help, type, values: metric.series(scrape) }) };
    registry.registerMetric(computed as unknown as Parameters<typeof registry.registerMetric>[0]);
  }
  return registry.metrics();
}

export const contentType = Registry.PROMETHEUS_CONTENT_TYPE;

async function look({ node, vmis, launcherOf, samples }: MetricSources): Promise<Scrape> {
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
  return { node, instances, sampled };
}

/** More devices than a guest can have: a bound on what a launcher can make us print. */
const mostDevices = 768;

function withFigures(instance: Instance, { numbers, texts }: StatsReply): Sampled {
  const { domain } = instance;
  const interfaces = new Map(domain?.interfaces.map(({ name, tap }) => [tap, name]));
  const disks = new Map(domain?.disks.map(({ name, target }) => [target, name]));
  const figures = { numbers, texts };
  return {
    ...instance,
    baseLabels: baseLabels(instance),
    figures: numbers,
    vcpus: vcpusOf(numbers),
    interfaces: devicesOf(figures, "net", (target) => ({ interface: interfaces.get(target) ?? target })),
    drives: devicesOf(figures, "block", (target) => ({ drive: disks.get(target) ?? target })),
  };
}

/** Processors that were unplugged leave gaps in the numbers. */
function vcpusOf(numbers: StatsReply["numbers"]): Device[] {
  const most = Math.min(numbers["vcpu.maximum"] ?? 0, mostDevices);
  return Array.from({ length: most }, (_, id) => ({ prefix: `vcpu.${id}`, labels: { id: String(id) } }));
}

/** By name once only: a series that appears twice makes Prometheus refuse the whole scrape. */
function devicesOf(
  { numbers, texts }: Pick<StatsReply, "numbers" | "texts">,
  group: "net" | "block",
  labelsOf: (target: string) => Labels,
): Device[] {
  const devices = new Map<string, Device>();
  const count = Math.min(numbers[`${group}.count`] ?? 0, mostDevices);
  for (let index = 0; index < count; index += 1) {
    const prefix = `${group}.${index}`;
    const labels = labelsOf(texts[`${prefix}.name`] ?? "");
    const [name = ""] = Object.values(labels);
    if (name !== "" && !devices.has(name)) devices.set(name, { prefix, labels });
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
