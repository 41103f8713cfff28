import { fc } from "../../test/support/property.ts";
import { at, aVm, aVmi } from "../testing/builders.ts";
import { backoffSeconds, startFailureOf } from "./start-failure.ts";

const now = at("12:00:00");
const before = {
  consecutiveFailCount: 2,
  lastFailedVMIUID: "earlier",
  retryAfterTimestamp: "2026-01-02T11:00:00.000Z",
};
const counted = (count: number) => ({
  consecutiveFailCount: count,
  lastFailedVMIUID: "vmi-uid",
  retryAfterTimestamp: new Date(now.getTime() + backoffSeconds("vmi-uid", count) * 1000).toISOString(),
});
const ran = [{ phase: "Running", phaseTransitionTimestamp: "2026-01-02T11:59:30Z" }];
const going = { deletionTimestamp: "2026-01-02T12:00:00Z" };

test.each([
  { when: "a first instance fails", status: undefined, vmi: aVmi({ phase: "Failed" }), want: counted(1) },
  { when: "another one fails", status: before, vmi: aVmi({ phase: "Failed" }), want: counted(3) },
  { when: "the same one is seen again", status: counted(3), vmi: aVmi({ phase: "Failed" }), want: counted(3) },
  {
    when: "one ends in order without having run",
    status: undefined,
    vmi: aVmi({ phase: "Succeeded" }),
    want: counted(1),
  },
  { when: "one runs", status: before, vmi: aVmi({ phase: "Running" }), want: undefined },
  {
    when: "one fails after having run",
    status: before,
    vmi: aVmi({ phase: "Failed", status: { phaseTransitionTimestamps: ran } }),
    want: undefined,
  },
  { when: "one is starting", status: before, vmi: aVmi({ phase: "Scheduling" }), want: before },
  {
    when: "one is deleted while it starts",
    status: before,
    vmi: aVmi({ phase: "Failed", metadata: going }),
    want: before,
  },
  {
    when: "one that has run is deleted",
    status: before,
    vmi: aVmi({ phase: "Failed", metadata: going, status: { phaseTransitionTimestamps: ran } }),
    want: undefined,
  },
  { when: "there is none", status: before, vmi: undefined, want: before },
])("$when", ({ status, vmi, want }) => {
  const vm = aVm({ runStrategy: "Always", status: status ? { startFailure: status } : {} });
  expect(startFailureOf(vm, vmi, now)).toEqual(want);
});

test.each(["Halted", "Manual"] as const)("%s counts nothing", (runStrategy) => {
  const vm = aVm({ runStrategy, status: { startFailure: before } });
  expect(startFailureOf(vm, aVmi({ phase: "Failed" }), now)).toBeUndefined();
});

test.each([
  { count: 1, least: 10, most: 15 },
  { count: 2, least: 40, most: 60 },
  { count: 3, least: 90, most: 135 },
  { count: 4, least: 160, most: 240 },
  { count: 5, least: 250, most: 300 },
  { count: 6, least: 300, most: 300 },
  { count: 1000, least: 300, most: 300 },
])("failure $count waits $least to $most seconds", ({ count, least, most }) => {
  fc.assert(
    fc.property(fc.uuid(), (uid) => {
      const seconds = backoffSeconds(uid, count);
      expect(seconds).toBeGreaterThanOrEqual(least);
      expect(seconds).toBeLessThanOrEqual(most);
      expect(backoffSeconds(uid, count)).toBe(seconds);
    }),
  );
});

test("VMs that fail together do not retry in step", () => {
  const waits = new Set(Array.from({ length: 100 }, (_, index) => backoffSeconds(`uid-${index}`, 3)));
  expect(waits.size).toBeGreaterThan(20);
});
