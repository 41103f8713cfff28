// The public surface of the functions: their declarations, and what follows from them.
import type { Controller } from "./runtime/controller.ts";
import type { FunctionMetrics, MetricDescription } from "./runtime/metrics.ts";
import type { Served, ServeOptions } from "./runtime/serve.ts";
import type { Source } from "./runtime/source/source.ts";
import type { Functions, FunctionsOptions } from "./runtime/start.ts";

export { definitionsOf, type Settings } from "./definitions.ts";
export { installationFiles } from "./installation.ts";
export { type FunctionDefinition, watchedBy } from "./runtime/definition.ts";
export {
  type EventSource,
  type EventSourceOptions,
  type ObjectChange,
  startEventSource,
} from "./runtime/event-source.ts";
export type { Log } from "./runtime/log.ts";
export type { Manifest } from "./runtime/manifests.ts";
export type { FunctionMetrics, MetricDescription } from "./runtime/metrics.ts";
export { cloudEvent, deliverEvent, type EventDeliveryOptions } from "./runtime/source/event-delivery.ts";
export { openLine } from "./runtime/source/line.ts";
export type { Functions, FunctionsOptions } from "./runtime/start.ts";

/** Functions in this process. Loaded when called, so that declarations cost nobody more than they are. */
export const startFunctions = async (options: FunctionsOptions): Promise<Functions> =>
  (await import("./runtime/start.ts")).startFunctions(options);

/** A server in front of them. */
export const serveFunctions = async (options: ServeOptions): Promise<Served> =>
  (await import("./runtime/serve.ts")).serveFunctions(options);

/** Functions and the source of their events in this process. */
export const startController = async (env: NodeJS.ProcessEnv): Promise<Controller> =>
  (await import("./runtime/controller.ts")).startController(env);

/** What tells sleeping functions of changes. */
export const startSource = async (env: NodeJS.ProcessEnv): Promise<Source> =>
  (await import("./runtime/source/source.ts")).startSource(env);

export const createMetrics = async (): Promise<FunctionMetrics> =>
  (await import("./runtime/metrics.ts")).createMetrics();

/** What the functions count about themselves: its documentation is generated from this. */
export const describeMetrics = async (): Promise<MetricDescription[]> =>
  (await import("./runtime/metrics.ts")).describeMetrics();
