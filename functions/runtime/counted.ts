// What visits and sweeps leave in the metrics, where there are any: a process that sleeps most of its life has none.
import type { Client, Clock } from "@knvirt/kubernetes";
import type { FunctionDefinition } from "./definition.ts";
import { reasonOf } from "./errors.ts";
import type { FunctionMetrics } from "./metrics.ts";
import type { OnDecision } from "./recording/decision.ts";
import { run } from "./run.ts";
import { type Sweeping, type Swept, sweep } from "./sweep.ts";
import type { VisitOptions } from "./visits.ts";

export interface Counting {
  clock: Clock;
  metrics: FunctionMetrics | undefined;
  onDecision?: OnDecision | undefined;
}

/** A run that is counted, timed, and whose failure has a reason. */
export function countedRun(client: Client, { clock, metrics, onDecision }: Counting): VisitOptions["run"] {
  return async (definition, key) => {
    const labels = { function: definition.name };
    const began = clock.elapsedMs();
    metrics?.reconciles.inc(labels);
    try {
      return await run(
        {
          client,
          now: () => clock.now(),
          elapsedMs: () => clock.elapsedMs(),
          onDecision,
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
      metrics?.seconds.observe(labels, (clock.elapsedMs() - began) / 1000);
    }
  };
}

export async function countedSweep(
  sweeping: Sweeping,
  definition: FunctionDefinition,
  { clock, metrics }: Counting,
): Promise<Swept> {
  const labels = { function: definition.name };
  const began = clock.elapsedMs();
  const swept = await sweep(sweeping, definition);
  metrics?.sweepSeconds.set(labels, (clock.elapsedMs() - began) / 1000);
  metrics?.sweepObjects.set(labels, swept.objects);
  metrics?.repairs.inc(labels, swept.repairs);
  return swept;
}
