// What a metric is: a name, a type, and how its series follow from one look at the node. Nothing is counted up or kept.
import type { FeatureGate, VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import type { DomainState, StatsReply } from "@knvirt/proto";
import type { LifecycleCounts } from "../lifecycle/index.ts";
import { labelText, seriesText } from "./text-format.ts";

/** A device of a domain in libvirt's figures: those of network interface 0 start with `net.0`. */
export interface Device {
  index: number;
  /** As text: its own, then those of its instance. */
  labels: string;
}

/** An instance of this node at the scrape. */
export interface Instance {
  node: string;
  vmi: VirtualMachineInstance;
  /** Its launcher pod, while that runs. */
  pod: Pod | undefined;
  domain: DomainState | undefined;
}

/** An instance whose launcher gave figures in time. */
export interface Sampled extends Instance {
  /** Labels of every figure, as text: node, namespace, name and the instance's own labels. */
  labels: string;
  figures: StatsReply["numbers"];
  vcpus: Device[];
  interfaces: Device[];
  drives: Device[];
}

export interface Scrape {
  node: string;
  /** Of CloudEvents. */
  lifecycle: LifecycleCounts;
  instances: Instance[];
  sampled: Sampled[];
}

export interface Metric {
  name: string;
  help: string;
  type: "gauge" | "counter";
  labelNames: readonly string[];
  /** Off: the metric is absent. */
  gate?: FeatureGate;
  /** Its series as text, a line for each. */
  series(scrape: Scrape): string;
}

interface GaugeDefinition<Item> {
  name: string;
  help: string;
  gate?: FeatureGate;
  of: (scrape: Scrape) => Item[];
  labels: Record<string, (item: Item) => string>;
  value: (item: Item) => number;
}

/** A gauge with its labels spelt out, one series for each item. */
export function gauge<Item>({ of, labels, value, ...about }: GaugeDefinition<Item>): Metric {
  const columns = Object.entries(labels);
  return {
    ...about,
    type: "gauge",
    labelNames: Object.keys(labels),
    series: (scrape) =>
      of(scrape)
        .map((item) => {
          const text = labelText(Object.fromEntries(columns.map(([name, of]) => [name, of(item)])));
          return seriesText(about.name, text, value(item));
        })
        .join(""),
  };
}

interface FigureDefinition {
  name: string;
  help: string;
  type: "gauge" | "counter";
  /** libvirt's name, after the device's prefix where there are devices. */
  figure: string;
  /** Units of ours in one of libvirt's. */
  unit?: number;
}

export const seconds = 1e-9; // of nanoseconds
export const kibibytes = 1024;

const baseLabelNames = ["node", "namespace", "name"];

/** A figure of the whole domain. Only what libvirt knows is shown. */
export const domainFigure = ({ figure, unit = 1, ...about }: FigureDefinition): Metric => ({
  ...about,
  labelNames: baseLabelNames,
  series: ({ sampled }) => {
    let text = "";
    for (const { figures, labels } of sampled) {
      const value = figures[figure];
      if (isKnown(value)) text += seriesText(about.name, labels, inUnit(value, unit));
    }
    return text;
  },
});

/** What libvirt calls each kind of device. */
export const groups = { vcpus: "vcpu", interfaces: "net", drives: "block" } as const;

export interface DeviceFigureDefinition extends FigureDefinition {
  devices: keyof typeof groups;
  labelNames: string[];
  /** Labels of this metric beside the device's own, as text. */
  moreLabels?: (figures: StatsReply["numbers"], device: Device) => string;
}

/** A figure of each device of the domain: these are the bulk of a scrape. */
export const deviceFigure = (definition: DeviceFigureDefinition): Metric => {
  const { devices, figure, unit = 1, labelNames, moreLabels, ...about } = definition;
  const figureOf = namesOf(groups[devices], figure);
  const line = (figures: StatsReply["numbers"], device: Device): string => {
    const value = figures[figureOf(device)];
    if (!isKnown(value)) return "";
    const labels = moreLabels ? `${moreLabels(figures, device)},${device.labels}` : device.labels;
    return seriesText(about.name, labels, inUnit(value, unit));
  };
  return {
    ...about,
    labelNames: [...baseLabelNames, ...labelNames],
    series: ({ sampled }) => {
      let text = "";
      for (const { [devices]: list, figures } of sampled) for (const device of list) text += line(figures, device);
      return text;
    },
  };
};

/** libvirt's name of a figure of a device. Each is made once: a guest has few devices, a node many guests. */
export function namesOf(group: string, figure: string): (device: Device) => string {
  const names: string[] = [];
  return ({ index }) => {
    names[index] ??= `${group}.${index}.${figure}`;
    return names[index];
  };
}

const isKnown = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

/** Nanoseconds are divided, because 1e-9 cannot be represented and would show in the last digits. */
const inUnit = (value: number, unit: number): number => (unit === seconds ? value / 1e9 : value * unit);
