import { expect, test } from "@jest/globals";
import { changed, container, created, type Fact, guest, inPhase, pod, violationOf, vmi } from "./testing/history.ts";

const ready = [{ type: "Ready", status: "True" as const }];
const late =
  ({ byMs }: { byMs: number }): Fact =>
  (ledger) =>
    ledger.late({ process: "executor-node-1", byMs });
const scheduled = inPhase("Scheduled");
const begin: Fact[] = [created(vmi), created(pod), container("starts"), guest("starts")];

test.each<{ when: string; given: Fact[]; stepMs?: number; want: string | undefined }>([
  { when: "Running once it runs", given: [guest("runs"), changed(scheduled, inPhase("Running"))], want: undefined },
  { when: "Running before", given: [changed(scheduled, inPhase("Running"))], want: "runningIsTrue" },
  {
    when: "Running after another one ran",
    given: [guest("runs", { vmi: "other" }), changed(scheduled, inPhase("Running"))],
    want: "runningIsTrue",
  },
  {
    when: "ready while it runs",
    given: [guest("runs"), changed(scheduled, inPhase("Running", { conditions: ready }))],
    want: undefined,
  },
  {
    when: "ready long after it was paused",
    given: [guest("runs"), guest("pauses"), changed(scheduled, inPhase("Running", { conditions: ready }))],
    stepMs: 200_000,
    want: "runningIsTrue",
  },
  {
    when: "ready long after it was paused, by a write that was on its way since",
    given: [
      ...[guest("runs"), late({ byMs: 600_000 }), guest("pauses")],
      changed(scheduled, inPhase("Running", { conditions: ready })),
    ],
    stepMs: 200_000,
    want: undefined,
  },
  {
    when: "ready long after a late write arrived",
    given: [
      ...[guest("runs"), late({ byMs: 100_000 }), guest("pauses")],
      changed(scheduled, inPhase("Running", { conditions: ready })),
    ],
    stepMs: 200_000,
    want: "runningIsTrue",
  },
])("called $when: $want", ({ given, stepMs = 1_000, want }) =>
  expect(violationOf([...begin, ...given], { stepMs })?.invariant).toBe(want),
);
