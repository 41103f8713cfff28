import { expect, test } from "@jest/globals";
import type { Probe } from "@knvirt/kubernetes";
import { counted, type Tally } from "./tally.ts";

const [yes, no] = [true, false];

test.each<{ when: string; start: boolean; probe: Probe; answers: boolean[]; want: boolean }>([
  { when: "nothing was answered", start: false, probe: {}, answers: [], want: false },
  { when: "one success is enough", start: false, probe: {}, answers: [yes], want: true },
  { when: "two failures are not enough", start: true, probe: {}, answers: [no, no], want: true },
  { when: "three are", start: true, probe: {}, answers: [no, no, no], want: false },
  { when: "they are not in a row", start: true, probe: {}, answers: [no, no, yes, no, no], want: true },
  { when: "one failure counts", start: true, probe: { failureThreshold: 1 }, answers: [no], want: false },
  {
    when: "two successes are asked for",
    start: false,
    probe: { successThreshold: 2 },
    answers: [yes, no, yes],
    want: false,
  },
  { when: "and come", start: false, probe: { successThreshold: 2 }, answers: [yes, no, yes, yes], want: true },
])("well or not when $when: $want", ({ start, probe, answers, want }) => {
  const tally = answers.reduce<Tally>((before, answer) => counted(before, answer, probe), {
    isWell: start,
    against: 0,
  });
  expect(tally.isWell).toBe(want);
});
