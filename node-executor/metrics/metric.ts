// What a metric is: a name, a type, and how its series follow from one look at the node. Nothing is counted up or kept.
import type { FeatureGate, VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import type { DomainState, StatsReply } from "@knvirt/proto";

export type Labels = Readonly<Record<string, string>>;

/** A device of a domain in libvirt's figures: those of `net.0` start with that. */
export interface Device {
  prefix: string;
  labels: Labels;
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
  /** Labels of every figure: node, namespace, name and the instance's own labels. */
  baseLabels: Labels;
  figures: StatsReply["numbers"];
  vcpus: Device[];
  interfaces: Device[];
  drives: Device[];
}

export interface Scrape {
  node: string;
  instances: Instance[];
  sampled: Sampled[];
}

interface Series {
  labels: Labels;
  /** Printed after the others; the same object for all series of an instance, so it is formatted once. */
  sharedLabels?: Labels;
  value: number;
}

export interface Metric {
  name: string;
  help: string;
  type: "gauge" | "counter";
  labelNames: readonly string[];
  /** Off: the metric is absent. */
  gate?: FeatureGate;
  series(scrape: Scrape): Series[];
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
      of(scrape).map((item) => ({
        labels: Object.fromEntries(columns.map(([name, of]) => [name, of(item)])),
        value: value(item),
      })),
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
const noLabels: Labels = {};

/** A figure of the whole domain. Only what libvirt knows is shown. */
export const domainFigure = ({ figure, unit = 1, ...about }: FigureDefinition): Metric => ({
  ...about,
  labelNames: baseLabelNames,
  series: ({ sampled }) => {
    const series: Series[] = [];
    for (const { figures, baseLabels: sharedLabels } of sampled) {
      const value = figures[figure];
      if (isKnown(value)) series.push({ labels: noLabels, sharedLabels, value: inUnit(value, unit) });
    }
    return series;
  },
});

export interface DeviceFigureDefinition extends FigureDefinition {
  devices: "vcpus" | "interfaces" | "drives";
  labelNames: string[];
  labels?: (figures: StatsReply["numbers"], device: Device) => Labels;
}

/** A figure of each device of the domain. With a thousand guests these are the bulk of a scrape: hence plain loops. */
export const deviceFigure = (definition: DeviceFigureDefinition): Metric => {
  const { devices, figure, unit = 1, labelNames, labels: labelsOf = ownLabels, ...about } = definition;
  return {
    ...about,
    labelNames: [...baseLabelNames, ...labelNames],
    series: ({ sampled }) => {
      const series: Series[] = [];
      for (const { [devices]: list, figures, baseLabels: sharedLabels } of sampled)
        for (const device of list) {
          const value = figures[`${device.prefix}.${figure}`];
          if (isKnown(value))
            series.push({ labels: labelsOf(figures, device), sharedLabels, value: inUnit(value, unit) });
        }
      return series;
    },
  };
};

const ownLabels = (_figures: StatsReply["numbers"], { labels }: Device): Labels => labels;

const isKnown = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

/** Nanoseconds are divided, because 1e-9 cannot be represented and would show in the last digits. */
const inUnit = (value: number, unit: number): number => (unit === seconds ? value / 1e9 : value * unit);
