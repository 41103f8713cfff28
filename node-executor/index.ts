// The public surface: metrics and lifecycle events, from which their documentation is generated.
export {
  attributeList as lifecycleAttributes,
  describedKind as lifecycleEvent,
  schemaOf as lifecycleSchema,
} from "./lifecycle/cloud-event.ts";
export { metricsOf } from "./metrics/index.ts";
export type { Metric } from "./metrics/metric.ts";
