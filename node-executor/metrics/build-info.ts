// Which version runs here.
import { gauge, type Metric } from "./metric.ts";

/** goversion is upstream's name of the label for the language's runtime. */
export const buildInfo = (version: string): Metric =>
  gauge({
    name: "kubevirt_info",
    help: "Version information. Always 1.",
    of: () => [version],
    labels: { goversion: () => `node ${process.version}`, kubeversion: (version) => version },
    value: () => 1,
  });
