// A plan in words: each part has a line, in the order of time.
import { drawPlan } from "./draw.ts";
import type { Plan } from "./plan.ts";
import { actionInWords, duration, faultInWords, planInWords } from "./words.ts";

const plan: Plan = {
  ...{ seed: 1, lastsMs: 120_000, nodes: 1, host: "controller", replicas: 2 },
  network: { lostRequests: 0, lostAnswers: 0.01, brokenWatches: 0, latencyMs: 5 },
  guests: {
    "vm-1": [
      {
        ...{ bootMs: 900, startFailures: 1, shutdownMs: 4_000, hangsAtShutdown: true },
        ends: [{ afterMs: 60_000, how: "crash" }],
      },
    ],
  },
  actions: [
    {
      ...{
        kind: "createVm",
        vm: "vm-1",
        strategy: "Always",
        saysRunning: false,
        insists: true,
        atMs: 1_000,
        user: 1,
      },
      ...{ cores: 1, containerDisk: true, graceSeconds: 30 },
    },
    { kind: "deletePod", vm: "vm-1", graceSeconds: 5, atMs: 90_000, user: 2 },
  ],
  faults: [
    { kind: "killAtWrite", role: "executor", nth: 2, when: "before", backAfterMs: 0, atMs: 1_500 },
    { kind: "jumpClock", role: "controller", which: 1, byMs: -3_600_000, atMs: 95_000 },
  ],
};

test("a plan reads as a list", () => {
  expect(planInWords(plan)).toEqual([
    "1 node, functions in 2 controllers",
    "network: answers lost 1 %, latency 5 ms",
    "guest 1 of vm-1 boots in 900 ms, after 1 failed start, hangs at shutdown, crashes after 60 s",
    "healed after 2 min",
    "     1.000 s  user 1 creates VM vm-1 (Always, 1 core, claim and container disk, grace 30 s), as soon as the last one is gone",
    "     1.500 s  executor dies just before write 2 from now and is back at once",
    "    90.000 s  user 2 deletes pod of vm-1 within 5 s",
    "    95.000 s  clock of controller 2 jumps back by 60 min",
  ]);
});

test("there are words for all that may be drawn", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { actions, faults } = drawPlan(seed);
    for (const line of [...actions.map(actionInWords), ...faults.map(faultInWords)])
      expect(line).not.toMatch(/undefined|NaN|object/);
  }
});

test.each([
  [999, "999 ms"],
  [1_500, "1.5 s"],
  [180_000, "3 min"],
  [-0, "0 ms"],
  [86_400_000, "24 h"],
])("%d ms is %s", (milliseconds, text) => expect(duration(milliseconds)).toBe(text));
