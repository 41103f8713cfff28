// The public surface: the list of metrics, from which their documentation is generated.
export { gatewayMetrics } from "./metrics.ts";
