// The summary tells how much was played, and shows faults that did not strike.
import type { Outcome } from "./outcome.ts";
import { summaryOf } from "./summary.ts";

const outcome = (given: Partial<Outcome>): Outcome => ({
  ...{ seed: 1, steps: 1_000, virtualMs: 1_800_000, writes: 20, digest: "", running: 1 },
  ...{ planned: {}, happened: {} },
  ...given,
});

test("runs are summed up", () => {
  const summary = summaryOf();
  summary.add(
    outcome({
      planned: { kill: 3, stop: 2, compact: 1 },
      happened: { kill: 2, "stop: taken": 1, "stop: refused": 1, lostRequests: 7 },
    }),
  );
  summary.add(outcome({ running: 0 }));
  expect(summary.count).toBe(2);
  expect(summary.lines({ seconds: 2, cores: 1 })).toEqual([
    "2 seeds in 2 s: 2,000 steps (1,000 a second and core), 40 writes, 1 h of virtual time",
    "instances that run at the end: 0 in 50 %, 1 in 50 %",
    "faults that struck, of those planned: compact 0 of 1, kill 2 of 3",
    "actions, of those planned: stop 2 (refused 1, taken 1)",
    "requests and watches: lostRequests 7",
  ]);
});
