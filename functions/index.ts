// The public surface of the functions: their declarations, and what follows from them.
import type { MetricDescription } from "./runtime/metrics.ts";
import type { Functions, FunctionsOptions } from "./runtime/start.ts";

export { definitionsOf, type Settings } from "./definitions.ts";
export { type FunctionDefinition, watchedBy } from "./runtime/definition.ts";
export type { Log } from "./runtime/log.ts";
export { type PolicyRule, rulesOf } from "./runtime/manifests.ts";
export type { MetricDescription } from "./runtime/metrics.ts";
export type { Functions, FunctionsOptions } from "./runtime/start.ts";

/** Serves functions in this process. Loaded when called, so that declarations cost nobody a web server. */
export const startFunctions = async (options: FunctionsOptions): Promise<Functions> =>
  (await import("./runtime/start.ts")).startFunctions(options);

/** What the functions count about themselves: its documentation is generated from this. */
export const describeMetrics = async (): Promise<MetricDescription[]> =>
  (await import("./runtime/metrics.ts")).describeMetrics();
