import { shared } from "./shared.ts";

test("who asks while the work runs shares the next one", async () => {
  const ends: ((result: number) => void)[] = [];
  const run = shared((_subject: object) => new Promise<number>((resolve) => ends.push(resolve)));
  const [subject, other] = [{}, {}];
  const all = [run(subject), run(subject), run(subject), run(other)];
  expect(ends).toHaveLength(2);
  ends[0]?.(1);
  ends[1]?.(9);
  expect(await all[0]).toBe(1);
  await Promise.resolve();
  expect(ends).toHaveLength(3);
  ends[2]?.(2);
  expect(await Promise.all(all)).toEqual([1, 2, 2, 9]);
});

test("a failure is not the next one's", async () => {
  let calls = 0;
  const run = shared(async (_subject: object) => {
    calls += 1;
    if (calls === 1) throw new Error("no");
    return calls;
  });
  const subject = {};
  const [first, second] = [run(subject), run(subject)];
  await expect(first).rejects.toThrow("no");
  expect(await second).toBe(2);
});
