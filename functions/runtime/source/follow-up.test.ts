import { manualClock } from "../../testing/manual-clock.ts";
import { followUp, type SweepAnswer } from "./follow-up.ts";

const well: SweepAnswer = { failures: 0, seconds: 0.01 };

/** Sweeps get these answers, one after the other, and then good ones. */
function rig(...answers: (SweepAnswer | Error)[]) {
  const clock = manualClock();
  const began: number[] = [];
  const failures: unknown[] = [];
  const sweep = async () => {
    began.push(clock.elapsedMs() / 1000);
    const answer = answers.shift() ?? well;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    began,
    failures,
    pass: clock.pass,
    ...followUp({ sweep, onFailed: (error) => failures.push(error), clock }),
  };
}

test("where nothing happens, functions are swept at first and let sleep", async () => {
  const { began, pass } = rig();
  await pass(3_000_000);
  expect(began).toEqual([0]);
});

test("changes are followed by a sweep when it has been quiet for a while", async () => {
  const { began, pass, noteChange } = rig();
  await pass(100_000);
  noteChange();
  await pass(3_000);
  noteChange();
  await pass(10_000);
  expect(began).toEqual([0, 108]);
});

const away = new Error("connection refused");

test("functions that do not answer are swept until they do, after longer and longer pauses", async () => {
  const { began, failures, pass } = rig(away, away, away);
  await pass(100_000);
  expect(began).toEqual([0, 1, 3, 7]);
  expect(failures).toHaveLength(3);
});

test("changes before a sweep that was not answered are followed by one that is", async () => {
  const { began, pass, noteChange } = rig(well, away);
  await pass(0);
  noteChange();
  await pass(100_000);
  expect(began).toEqual([0, 5, 6]);
});

test("a key that waits beyond the life of its process is swept for when it is due", async () => {
  const { began, pass } = rig({ ...well, lookAgainSeconds: 120 });
  await pass(200_000);
  expect(began[1]).toBeCloseTo(122, 0);
});

test("after its end nobody is swept", async () => {
  const { began, pass, noteChange, close } = rig();
  await pass(0);
  noteChange();
  close();
  noteChange();
  await pass(100_000);
  expect(began).toEqual([0]);
});
