import { expect, test } from "@jest/globals";
import { coalesce } from "./coalesce.ts";

test("calls during a run share the next one", async () => {
  const gates: PromiseWithResolvers<void>[] = [];
  const run = coalesce(async () => {
    const gate = Promise.withResolvers<void>();
    const number = gates.push(gate);
    await gate.promise;
    return number;
  });
  const first = run();
  const [second, third] = [run(), run()];
  expect(gates).toHaveLength(1);
  gates[0]?.resolve();
  expect(await first).toBe(1);
  gates[1]?.resolve();
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  const fourth = run();
  gates[2]?.resolve();
  expect(await fourth).toBe(3);
});

test("a run that fails does not keep the next from running", async () => {
  let attempts = 0;
  const run = coalesce(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("once");
  });
  const [first, second] = [run(), run()];
  await expect(first).rejects.toThrow("once");
  await second;
  expect(attempts).toBe(2);
});
