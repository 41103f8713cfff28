// The public surface: the list of metrics, from which their documentation is generated.
export { metricsOf } from "./metrics/index.ts";
export type { Metric } from "./metrics/metric.ts";
