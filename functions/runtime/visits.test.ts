import { setTimeout as sleep } from "node:timers/promises";
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
  const visits = createVisits({
    concurrency,
    longestWaitSeconds,
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
    await sleep(1);
  };
  return { visits, begun, end, failures };
}

const isPending = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => false), sleep(1).then(() => true)])) ?? true;

test("requests that meet a visit share the next one", async () => {
  const { visits, begun, end } = rig();
  const first = visits.visit(vm, key);
  const second = visits.visit(vm, key);
  const third = visits.visit(vm, key);
  await sleep(1);
  expect(begun).toEqual(["web"]);
  await end();
  expect(await first).toBe(1);
  expect(begun).toEqual(["web", "web"]);
  await end({ writes: 5 });
  expect(await Promise.all([second, third])).toEqual([5, 5]);
  expect(begun).toHaveLength(2);
});

test("keys do not wait for each other, up to the limit", async () => {
  const { visits, begun, end } = rig({ concurrency: 1 });
  const all = [visits.visit(vm, key), visits.visit(vm, other)];
  await sleep(1);
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
  expect(await second).toBe(1);
});

/** The timers of a few milliseconds have gone off, and what they began has begun. */
const soon = () => sleep(40);

test("a visit is done when its writes are, and its wait goes on without it", async () => {
  const { visits, begun, end } = rig();
  const first = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 0.02 });
  expect(await first).toBe(1);
  expect(visits.lastDue()).toBeGreaterThan(performance.now() - 1000);
  await soon();
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
  expect(await second).toBe(7);
});

test("a visit that failed is tried again by itself", async () => {
  const { visits, begun, end, failures } = rig();
  const first = expect(visits.visit(vm, key)).rejects.toThrow("no");
  await end(new Error("no"));
  await first;
  expect(failures).toEqual([false]);
  expect(visits.lastDue()).toBeDefined();
  const again = visits.visit(vm, key);
  await end();
  expect(await again).toBe(1);
  expect(begun).toHaveLength(2);
  expect(visits.lastDue()).toBeUndefined();
});

test("a later visit happens after its pause, unless somebody is there", async () => {
  const { visits, begun, end } = rig();
  visits.visitLater(vm, key, 0.02);
  visits.visitLater(vm, key, 0.02);
  await sleep(1);
  expect(begun).toEqual([]);
  await sleep(40);
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
  expect(await Promise.all([waiting, working])).toEqual([1, 1]);
});
