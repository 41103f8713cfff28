// What visits and sweeps leave in the metrics, where there are any: a process that sleeps most of its life has none.
import type { Client } from "@knvirt/kubernetes";
import type { FunctionDefinition } from "./definition.ts";
import { reasonOf } from "./errors.ts";
import type { FunctionMetrics } from "./metrics.ts";
import { run } from "./run.ts";
import { type Sweeping, type Swept, sweep } from "./sweep.ts";
import type { VisitOptions } from "./visits.ts";

/** A run that is counted, timed, and whose failure has a reason. */
export function countedRun(
  running: { client: Client; now(): Date },
  metrics: FunctionMetrics | undefined,
): VisitOptions["run"] {
  return async (definition, key) => {
    const labels = { function: definition.name };
    const stop = metrics?.seconds.startTimer(labels);
    metrics?.reconciles.inc(labels);
    try {
      return await run(
        {
          ...running,
          onConflict: () => metrics?.conflicts.inc(labels),
          onWrite: (_definition, intent) =>
            "object" in intent && metrics?.writes.inc({ ...labels, verb: intent.verb, kind: intent.object.kind }),
        },
        definition,
        key,
      );
    } catch (error) {
      metrics?.errors.inc({ ...labels, reason: reasonOf(error) });
      throw error;
    } finally {
      stop?.();
    }
  };
}

export async function countedSweep(
  sweeping: Sweeping,
  definition: FunctionDefinition,
  metrics: FunctionMetrics | undefined,
): Promise<Swept> {
  const labels = { function: definition.name };
  const began = performance.now();
  const swept = await sweep(sweeping, definition);
  metrics?.sweepSeconds.set(labels, (performance.now() - began) / 1000);
  metrics?.sweepObjects.set(labels, swept.objects);
  metrics?.repairs.inc(labels, swept.repairs);
  return swept;
}
