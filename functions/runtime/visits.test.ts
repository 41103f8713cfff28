import { setTimeout as sleep } from "node:timers/promises";
import { vm } from "../vm/index.ts";
import type { Outcome } from "./run.ts";
import { createVisits } from "./visits.ts";

const key = { namespace: "default", name: "web" };
const other = { namespace: "default", name: "other" };

/** Work that lasts until it is released, one visit after another. */
function rig(concurrency = 8) {
  const begun: string[] = [];
  const ends: ((outcome: Outcome | Error) => void)[] = [];
  const visits = createVisits({
    concurrency,
    onError: () => undefined,
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
  return { visits, begun, end };
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
  const { visits, begun, end } = rig(1);
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

test("a short wait is held inside the request", async () => {
  const { visits, begun, end } = rig();
  const first = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 0.02 });
  expect(await isPending(first)).toBe(true);
  await sleep(40);
  expect(begun).toHaveLength(2);
  await end({ writes: 2 });
  expect(await first).toBe(3);
});

test("a long wait is not held", async () => {
  const { visits, end } = rig();
  const first = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 31 });
  expect(await first).toBe(1);
});

test("who comes during a wait takes over, and those who waited are done", async () => {
  const { visits, begun, end } = rig();
  const first = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 20 });
  const second = visits.visit(vm, key);
  expect(await first).toBe(1);
  expect(begun).toHaveLength(2);
  await end({ writes: 7 });
  expect(await second).toBe(7);
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
  const held = visits.visit(vm, key);
  await end({ writes: 1, lookAgainSeconds: 20 });
  const working = visits.visit(vm, other);
  const closed = visits.close();
  expect(await isPending(closed)).toBe(true);
  await end();
  await closed;
  expect(await Promise.all([held, working])).toEqual([1, 1]);
});
