import { setImmediate } from "node:timers/promises";
import { manualClock } from "../testing/manual-clock.ts";
import { vm } from "../vm/index.ts";
import type { Outcome } from "./run.ts";
import { createVisits } from "./visits.ts";

const key = { namespace: "default", name: "web" };
const other = { namespace: "default", name: "other" };

/** Work that lasts until it is released, one visit after another. */
function rig({ concurrency = 8, longestWaitSeconds = 30 } = {}) {
  const begun: string[] = [];
  const failures: boolean[] = [];
  const ends: ((outcome: Outcome | Error) => void)[] = [];
  const clock = manualClock();
  const visits = createVisits({
    concurrency,
    longestWaitSeconds,
    clock,
    onError: (_error, { isLast }) => failures.push(isLast),
    run: (_definition, { name }) => {
      begun.push(name);
      return new Promise((resolve, reject) =>
        ends.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))),
      );
    },
  });
  const end = async (outcome: Outcome | Error = { writes: 1 }) => {
    ends.shift()?.(outcome);
    await clock.pass(0);
  };
  return { visits, begun, end, failures, pass: clock.pass };
}

const isPending = (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => false), setImmediate(true)]);

test("requests that meet a visit share the next one", async () => {
  const { visits, begun, end, pass } = rig();
  const first = visits.visit(vm, key);
  const second = visits.visit(vm, key);
  const third = visits.visit(vm, key);
  await pass(0);
  expect(begun).toEqual(["web"]);
  await end();
  expect(await first).toEqual({ writes: 1 });
  expect(begun).toEqual(["web", "web"]);
  await end({ writes: 5 });
  expect(await Promise.all([second, third])).toEqual([{ writes: 5 }, { writes: 5 }]);
  expect(begun).toHaveLength(2);
});

test("keys do not wait for each other, up to the limit", async () => {
  const { visits, begun, end, pass } = rig({ concurrency: 1 });
  const all = [visits.visit(vm, key), visits.visit(vm, other)];
  await pass(0);
  expect(begun).toEqual(["web"]);
  await end();
  expect(begun).toEqual(["web", "other"]);
  await end();
  await Promise.all(all);
});

test("a failure is the failure of those who asked, and the next visit is made all the same", async () => {
  const { visits, end } = rig();
  const first = visits.visit(vm, key);
  const second = visits.visit(vm, key);
  const refused = expect(first).rejects.toThrow("no");
  await end(new Error("no"));
  await refused;
  await end();
  expect(await second).toEqual({ writes: 1 });
});

test("a visit is done when its writes are, and its wait goes on without it", async () => {
  const { visits, begun, end, pass } = rig();
  const first = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 20 });
  expect(await first).toEqual({ writes: 1, lookAgainSeconds: 20 });
  expect(visits.lastDue()).toBe(20_000);
  await pass(19_999);
  expect(begun).toHaveLength(1);
  await pass(1);
  expect(begun).toHaveLength(2);
  await end();
  expect(visits.lastDue()).toBeUndefined();
});

test.each([
  { when: "a wait within the bound is a timer", lookAgainSeconds: 30, want: true },
  { when: "a longer one is left to the sweep", lookAgainSeconds: 31, want: false },
])("$when", async ({ lookAgainSeconds, want }) => {
  const { visits, end } = rig();
  const first = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds });
  await first;
  expect(visits.lastDue() !== undefined).toBe(want);
  await visits.close();
});

test("who comes during a wait takes over", async () => {
  const { visits, begun, end } = rig();
  const first = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 20 });
  await first;
  const second = visits.visit(vm, key);
  expect(begun).toHaveLength(2);
  expect(visits.lastDue()).toBeUndefined();
  await end({ writes: 7 });
  expect(await second).toEqual({ writes: 7 });
});

test("a visit that failed is tried again by itself", async () => {
  const { visits, begun, end, failures, pass } = rig();
  const first = expect(visits.visit(vm, key)).rejects.toThrow("no");
  await end(new Error("no"));
  await first;
  expect(failures).toEqual([false]);
  expect(visits.lastDue()).toBe(200);
  await pass(200);
  expect(begun).toHaveLength(2);
  await end();
  expect(visits.lastDue()).toBeUndefined();
});

test("a visit that fails is tried five times, after longer and longer pauses", async () => {
  const { visits, end, failures, pass } = rig();
  visits.visit(vm, key).catch(() => undefined);
  for (const pauseMs of [200, 400, 800, 1600]) {
    await end(new Error("no"));
    await pass(pauseMs);
  }
  await end(new Error("no"));
  expect(failures).toEqual([false, false, false, false, true]);
  expect(visits.lastDue()).toBeUndefined();
});

test("a later visit happens after its pause, unless somebody is there", async () => {
  const { visits, begun, end, pass } = rig();
  visits.visitLater(vm, key, 20);
  visits.visitLater(vm, key, 20);
  await pass(19_999);
  expect(begun).toEqual([]);
  await pass(1);
  expect(begun).toEqual(["web"]);
  await end();
});

test("closing ends waits and lets work end", async () => {
  const { visits, end } = rig();
  const waiting = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 20 });
  const working = visits.visit(vm, other);
  const closed = visits.close();
  expect(await isPending(closed)).toBe(true);
  await end();
  await closed;
  expect(await Promise.all([waiting, working])).toEqual([{ writes: 1, lookAgainSeconds: 20 }, { writes: 1 }]);
});
