import { nextSweepAt, type SweepHistory } from "./sweep-schedule.ts";

const at = (first: number, last: number) => ({ changes: { first, last } });

test.each<{ when: string; given: SweepHistory; want: number }>([
  { when: "nobody swept yet", given: { ended: undefined, ...at(1, 2) }, want: -Infinity },
  { when: "nothing happened", given: { ended: 100 }, want: 3700 },
  { when: "a change came long after", given: { ended: 100, ...at(900, 900) }, want: 905 },
  { when: "changes go on for a moment", given: { ended: 100, ...at(900, 910) }, want: 915 },
  { when: "changes never end", given: { ended: 100, ...at(900, 958) }, want: 960 },
  { when: "a change came while it ran", given: { ended: 100, ...at(99, 99) }, want: 104 },
  { when: "it took a moment, and a change came soon", given: { ended: 100, took: 0.2, ...at(101, 101) }, want: 120 },
  { when: "it took long, and a change came soon", given: { ended: 100, took: 9, ...at(101, 101) }, want: 160 },
  { when: "somebody waits", given: { ended: 100, waitEnds: 400 }, want: 402 },
  { when: "somebody waits a moment, and it took one", given: { ended: 100, took: 0.1, waitEnds: 103 }, want: 110 },
  { when: "somebody waits longer than the longest pause", given: { ended: 100, waitEnds: 9999 }, want: 3700 },
  { when: "somebody waits, and a change comes", given: { ended: 100, waitEnds: 400, ...at(200, 200) }, want: 205 },
  { when: "nobody answered", given: { ended: 100, trouble: { kind: "unanswered", times: 1 } }, want: 101 },
  { when: "nobody answered again", given: { ended: 100, trouble: { kind: "unanswered", times: 4 } }, want: 108 },
  { when: "nobody answers", given: { ended: 100, trouble: { kind: "unanswered", times: 99 } }, want: 160 },
  {
    when: "nobody answered, and somebody has waited long enough",
    given: { ended: 100, waitEnds: 50, trouble: { kind: "unanswered", times: 3 } },
    want: 104,
  },
  {
    when: "nobody answered, and changes are due",
    given: { ended: 100, ...at(10, 99), trouble: { kind: "unanswered", times: 3 } },
    want: 104,
  },
  { when: "an object is in trouble", given: { ended: 100, trouble: { kind: "incomplete", times: 1 } }, want: 160 },
  { when: "it stays in trouble", given: { ended: 100, trouble: { kind: "incomplete", times: 3 } }, want: 340 },
  { when: "it stays so for long", given: { ended: 100, trouble: { kind: "incomplete", times: 99 } }, want: 340 },
])("when $when: $want", ({ given, want }) => expect(nextSweepAt(given)).toBe(want));
