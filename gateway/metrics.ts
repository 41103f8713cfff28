// The gateway's metrics, in Prometheus' text format: who is connected now, under KubeVirt's names, and what it costs.
import type { SubresourceRequest } from "./subresource.ts";

type Series = [labels: Record<string, string>, value: number][];

interface Gauge {
  name: string;
  help: string;
  labelNames: string[];
  series(viewed: SubresourceRequest[]): Series;
}

const connections = (subresource: string, help: string): Gauge => ({
  name: `kubevirt_${subresource}_active_connections`,
  help,
  labelNames: ["namespace", "vmi"],
  series: (viewed) => countOf(viewed.filter((one) => one.subresource === subresource)),
});

const gauges: Gauge[] = [
  connections("console", "Open connections to serial consoles."),
  connections("vnc", "Open connections to displays."),
  connections("portforward", "Open connections to ports of guests."),
  {
    name: "process_resident_memory_bytes",
    help: "Resident memory of the gateway.",
    labelNames: [],
    series: () => [[{}, process.memoryUsage.rss()]],
  },
];

export const gatewayMetrics = gauges.map(({ name, help, labelNames }) => ({
  ...{ name, help, labelNames },
  type: "gauge" as const,
}));

export const metricsText = (viewed: SubresourceRequest[]): string =>
  gauges
    .map(({ name, help, series }) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines(name, series(viewed))}`)
    .join("");

/** Names of objects need no escapes. */
const lines = (name: string, series: Series): string =>
  series
    .map(([labels, value]) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;
    })
    .join("");

function countOf(viewed: SubresourceRequest[]): Series {
  const counts = Map.groupBy(viewed, ({ namespace, name }) => `${namespace}/${name}`);
  return [...counts.values()].flatMap((all) => {
    const [first] = all;
    return first ? [[{ namespace: first.namespace, vmi: first.name }, all.length]] : [];
  });
}
