// Every metric of the executor. A new one is a new file and one word here; docs/metrics.md is generated from this list.
import { buildInfo } from "./build-info.ts";
import { cpuMetrics } from "./cpu.ts";
import { hypervisorInfo } from "./hypervisor-info.ts";
import { lifecycleMetrics } from "./lifecycle.ts";
import { memoryMetrics } from "./memory.ts";
import type { Metric } from "./metric.ts";
import { networkMetrics } from "./network.ts";
import { storageMetrics } from "./storage.ts";
import { vmiInfo, vmiPhaseCount } from "./vmi-info.ts";

export const metricsOf = (version: string): Metric[] => [
  buildInfo(version),
  vmiInfo,
  vmiPhaseCount,
  hypervisorInfo,
  ...cpuMetrics,
  ...memoryMetrics,
  ...networkMetrics,
  ...storageMetrics,
  ...lifecycleMetrics,
];
