import { inTurn } from "./lock.ts";

it("lets one in at a time, and the next when the one before has failed", async () => {
  const seen: string[] = [];
  const visit = (who: string) =>
    inTurn(`test-${process.pid}`, async () => {
      seen.push(`${who} in`);
      await new Promise(setImmediate);
      seen.push(`${who} out`);
      if (who === "first") throw new Error("first fails");
    });
  const first = visit("first").catch((error: Error) => error.message);
  await Promise.all([first, visit("second")]);
  expect(await first).toBe("first fails");
  expect(seen).toEqual(["first in", "first out", "second in", "second out"]);
});
