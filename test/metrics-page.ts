// docs/metrics.md: every metric as a row, from the definitions that the processes run.
import { describeMetrics, type MetricDescription } from "@knvirt/functions";
import { gatewayMetrics } from "@knvirt/gateway";
import { metricsOf } from "@knvirt/node-executor";

export async function metricsPage(): Promise<string> {
  return `${introduction}
## Node executor

Served over HTTPS at \`/metrics\` to whoever shows a bearer token whose user may GET that path; \`npm run status\` says
where. Names, types, units and labels are KubeVirt's. A figure that libvirt does not give has no series. Figures of a
domain also carry each label of its VMI, as \`kubernetes_vmi_label_<key>\`.

${tableOf(metricsOf(""))}

More about one of them: [hypervisor-info.md](hypervisor-info.md).

## Functions

What the control plane counts about its own work. Served at \`/metrics\` where the functions take their events.

${tableOf(await describeMetrics())}

## Gateway

Served in a cluster at \`/metrics\` of its one port, to whoever shows a bearer token whose user may GET that path.

${tableOf(gatewayMetrics)}
`;
}

const introduction = `<!-- Generated from the metrics' definitions by npm run generate. Do not edit. -->

# Metrics
`;

function tableOf(metrics: readonly (MetricDescription & { gate?: string })[]): string {
  const sorted = metrics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = sorted.map(({ name, type, labelNames, help, gate }) => {
    const labels = labelNames.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${type} | ${labels} | ${cell(help)}${gate ? ` Gate: ${gate}.` : ""} |`;
  });
  return ["| name | type | labels | what it tells |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const cell = (text: string): string => text.replace(/\|/g, "\\|");
