import { shared } from "./shared.ts";

test("who asks while the work runs shares the next one", async () => {
  const ends: ((result: number) => void)[] = [];
  const run = shared(
    (_id: string) => new Promise<number>((resolve) => ends.push(resolve)),
    (id) => id,
  );
  const all = [run.ask("one"), run.ask("one"), run.ask("one"), run.ask("other")];
  expect(ends).toHaveLength(2);
  ends[0]?.(1);
  ends[1]?.(9);
  expect(await all[0]).toBe(1);
  await Promise.resolve();
  expect(ends).toHaveLength(3);
  ends[2]?.(2);
  expect(run.isBusy("one")).toBe(true);
  expect(await Promise.all(all)).toEqual([1, 2, 2, 9]);
  await run.settled();
  expect(run.isBusy("one")).toBe(false);
});

test("a failure is not the next one's", async () => {
  let calls = 0;
  const run = shared(
    async (_id: string) => {
      calls += 1;
      if (calls === 1) throw new Error("no");
      return calls;
    },
    (id) => id,
  );
  const [first, second] = [run.ask("one"), run.ask("one")];
  await expect(first).rejects.toThrow("no");
  expect(await second).toBe(2);
});
