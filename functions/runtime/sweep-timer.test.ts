import { pino } from "pino";
import { manualClock } from "../testing/manual-clock.ts";
import { startSweeping } from "./sweep-timer.ts";

/** Seconds at which sweeps began within five minutes; each lasts `takes`, and those of `failing` fail. */
async function sweepsWith(given: { seconds: number; takes?: number; failing?: number[] }): Promise<number[]> {
  const { seconds, takes = 0, failing = [] } = given;
  const clock = manualClock();
  const began: number[] = [];
  const sweep = async () => {
    const number = began.push(clock.elapsedMs() / 1000);
    if (takes > 0) await new Promise<void>((resolve) => clock.after(takes * 1000, resolve));
    if (failing.includes(number)) throw new Error("no API server");
  };
  const stop = startSweeping({ seconds, sweep, log: pino({ level: "silent" }), clock });
  await clock.pass(200_000);
  stop();
  await clock.pass(100_000);
  return began;
}

test.each([
  { when: "each is quick", given: { seconds: 60 }, want: [0, 60, 120, 180] },
  { when: "one takes a while, its pause begins at its end", given: { seconds: 60, takes: 30 }, want: [0, 90, 180] },
  {
    when: "some fail, those are soon made up for",
    given: { seconds: 60, failing: [1, 2] },
    want: [0, 5, 10, 70, 130, 190],
  },
  { when: "some fail that come sooner anyway", given: { seconds: 50, failing: [] }, want: [0, 50, 100, 150, 200] },
  { when: "nobody wants any", given: { seconds: 0 }, want: [] },
])("sweeps begin at $want when $when", async ({ given, want }) => expect(await sweepsWith(given)).toEqual(want));
