import { afterEach, expect, test } from "@jest/globals";
import type { Client, KubernetesObject } from "@knvirt/kubernetes";
import { pino } from "pino";
import { manualClock } from "../../functions/testing/manual-clock.ts";
import { type NodeReport, reportNode } from "./report.ts";

let report: NodeReport;
afterEach(() => report.close());

/** Heartbeats as an API server that takes each of them is told, under a wall clock that can be set. */
function beating() {
  const [told, clock]: [unknown[], ReturnType<typeof manualClock>] = [[], manualClock()];
  const wall = { offMs: 0, now: () => new Date(clock.now().getTime() + wall.offMs) };
  const client = {
    find: async () => ({ metadata: { name: "n1", uid: "u1" } }),
    apply: async (_of: unknown, { metadata }: KubernetesObject) => {
      told.push(metadata.annotations?.["kubevirt.io/heartbeat"]);
    },
  } as unknown as Client;
  report = reportNode({
    ...{ client, node: "n1", log: pino({ enabled: false }), clock: { ...clock, now: wall.now } },
    facts: () => ({ isSchedulable: true }),
  });
  return { told, wall, pass: clock.pass };
}

test.each([
  { when: "it is right", byMs: 0, second: "2026-01-02T12:01:00Z" },
  { when: "it was set back", byMs: -3_600_000, second: "2026-01-02T11:01:00Z" },
  { when: "it was set ahead", byMs: 3_600_000, second: "2026-01-02T13:01:00Z" },
])("the node is told of after each minute, whatever the wall clock says: $when", async ({ byMs, second }) => {
  const { told, wall, pass } = beating();
  await pass(0);
  wall.offMs = byMs;
  await pass(30_000);
  report.look();
  await pass(29_999);
  expect(told).toEqual(["2026-01-02T12:00:00Z"]);
  await pass(1);
  expect(told).toEqual(["2026-01-02T12:00:00Z", second]);
});
