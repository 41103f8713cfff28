// What the functions count about themselves. A registry for each process: nothing is kept in module scope.
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type FunctionMetrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  return {
    registry,
    reconciles: counter("knvirt_function_reconciles_total", "Visits of one object by a function.", ["function"]),
    seconds: new Histogram({
      name: "knvirt_function_reconcile_duration_seconds",
      help: "Time from the start of a visit to its last write, waits left out.",
      labelNames: ["function"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    errors: counter("knvirt_function_errors_total", "Visits that failed, by reason.", ["function", "reason"]),
    conflicts: counter("knvirt_function_conflicts_total", "Decisions taken again as the world had moved.", [
      "function",
    ]),
    writes: counter("knvirt_function_writes_total", "Writes to the API server.", ["function", "verb", "kind"]),
    repairs: counter("knvirt_function_sweep_repairs_total", "Writes of the sweep that events should have led to.", [
      "function",
    ]),
    sweepSeconds: new Gauge({
      name: "knvirt_function_sweep_duration_seconds",
      help: "Time that the last sweep took.",
      labelNames: ["function"],
      registers,
    }),
    sweepObjects: new Gauge({
      name: "knvirt_function_sweep_objects",
      help: "Objects that the last sweep looked at.",
      labelNames: ["function"],
      registers,
    }),
  };
}

export interface MetricDescription {
  name: string;
  type: string;
  help: string;
  labelNames: readonly string[];
}

export const describeMetrics = (): MetricDescription[] =>
  createMetrics()
    .registry.getMetricsAsArray()
    .map((metric) => {
      // prom-client's types leave the label names out.
      const { labelNames } = metric as unknown as { labelNames: string[] };
      return { name: metric.name, type: String(metric.type), help: metric.help, labelNames };
    });
