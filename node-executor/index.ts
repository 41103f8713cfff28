// The public surface: metrics and lifecycle events, from which their documentation is generated; and the executor itself,
// for who stands in for its node, its launchers and its time.
export { ExecutorError } from "./errors.ts";
export { type Executor, type ExecutorOptions, startExecutor } from "./executor.ts";
export type { Host } from "./host.ts";
export type { Connect, GuestVerb, LauncherConnection, ReplyOf, RequestOf } from "./launcher-connection.ts";
export {
  attributeList as lifecycleAttributes,
  describedKind as lifecycleEvent,
  schemaOf as lifecycleSchema,
} from "./lifecycle/cloud-event.ts";
export type { Log } from "./log.ts";
export { metricsOf } from "./metrics/index.ts";
export type { Metric } from "./metrics/metric.ts";
export { type NodeReport, reportNode } from "./node/report.ts";
